import COpenCL
import ScanCore

/// Width of the floating-point numbers on the device.
enum ElementWidth: Int {
  case single = 4
  case double = 8
}

extension Precision {
  /// `real` of the kernels: plans, templates, couplings.
  var real: ElementWidth { self == .double ? .double : .single }
  /// `accum` of the kernels: results.
  var accum: ElementWidth { self == .single ? .single : .double }

  /// Build options that choose the arithmetic on `device`.
  func buildOptions(on device: OpenCLDevice) -> [String] {
    var options = ["-cl-std=CL1.2", "-DREAL_BITS=\(real.rawValue * 8)", "-DACCUM_BITS=\(accum.rawValue * 8)"]
    if real == .single && device.roundsSingleCorrectly {
      options.append("-cl-fp32-correctly-rounded-divide-sqrt")
    }
    if accum == .single { options.append("-cl-single-precision-constant") }
    return options
  }
}

/// The numbers as 32-bit floats; those that no such number can hold are an error, not infinity.
func narrowed(_ values: [Double], _ what: String) throws(BackendError) -> [Float] {
  var numbers = [Float](repeating: 0, count: values.count)
  try numbers.withUnsafeMutableBufferPointer { target throws(BackendError) in
    if let base = target.baseAddress { try narrow(values[...], into: base, what) }
  }
  return numbers
}

/// The same, into memory that is there already.
func narrow(
  _ values: ArraySlice<Double>, into target: UnsafeMutablePointer<Float>, _ what: String
) throws(BackendError) {
  for (offset, value) in values.enumerated() {
    target[offset] = Float(value)
    if !target[offset].isFinite {
      throw BackendError(
        .unsupportedPlan,
        "\(what) hold \(value) at position \(values.startIndex + offset), which 32-bit floating point cannot represent "
          + "(largest number 3.4e38). Use --precision double.")
    }
  }
}
