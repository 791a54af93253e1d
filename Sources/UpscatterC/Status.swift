import CUpscatter
import UpscatterKit

/// A failure on its way to the caller: a status code and the message of `upscatter_last_error`.
struct Failure: Error {
  var status: upscatter_status
  var message: String

  init(_ status: Int, _ message: String) {
    self.status = upscatter_status(status)
    self.message = message
  }

  init(_ error: any Error) {
    switch error {
    case let own as Failure: self = own
    case let error as UpscatterError:
      let status =
        switch error.kind {
        case .usage: UPSCATTER_USAGE
        case .badInput: UPSCATTER_BAD_INPUT
        case .unavailable: UPSCATTER_UNAVAILABLE
        case .checkFailed: UPSCATTER_CHECK_FAILED
        case .other: UPSCATTER_OTHER
        }
      self.init(Int(status), error.message)
    default: self.init(Int(UPSCATTER_OTHER), "\(error)")
    }
  }
}

/// Runs the body of a function of the interface; what it throws becomes its status and the thread's message.
func status(_ body: () throws -> Void) -> upscatter_status {
  do {
    try body()
    return upscatter_status(UPSCATTER_OK)
  } catch {
    let failure = Failure(error)
    cupscatter_keep_error(failure.message)
    return failure.status
  }
}

// MARK: - Arguments

/// The pointer, unless it is NULL.
func required<P>(_ pointer: P?, _ name: String) throws -> P {
  guard let pointer else {
    throw Failure(Int(UPSCATTER_NULL_POINTER), "\(name) is NULL, where a value or an array is needed.")
  }
  return pointer
}

/// The text at a pointer; bytes that are no UTF-8 are replaced.
func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws -> String {
  String(cString: try required(pointer, name))
}

/// `count` numbers of the caller.
func numbers(_ pointer: UnsafePointer<Double>?, _ count: Int, _ name: String) throws -> [Double] {
  guard count >= 1, count <= 1 << 20 else {
    throw Failure(
      Int(UPSCATTER_BAD_SIZE), "\(name): \(UInt(bitPattern: count)) values; give between 1 and \(1 << 20).")
  }
  return Array(UnsafeBufferPointer(start: try required(pointer, name), count: count))
}

/// Throws unless an array of the caller has the size that its contents need.
func requireSize(_ size: Int, _ needed: Int, _ name: String, _ shape: String) throws {
  guard size == needed else {
    throw Failure(
      Int(UPSCATTER_BAD_SIZE),
      "\(name) has size \(UInt(bitPattern: size)), but holds \(shape) = \(needed) numbers.")
  }
}

/// Copies numbers to the caller; `pointer` may be NULL where they are not wanted.
func copy(_ values: [Double], to pointer: UnsafeMutablePointer<Double>?) {
  pointer?.update(from: values, count: values.count)
}

/// Copies a text with its NUL to a buffer of the caller, or states its size.
func copy(
  _ text: String, to buffer: UnsafeMutablePointer<CChar>?, size: Int, needed: UnsafeMutablePointer<Int>?
) throws {
  let bytes = text.utf8CString
  needed?.pointee = bytes.count
  guard let buffer else {
    if size == 0, needed != nil { return }
    throw Failure(
      Int(UPSCATTER_NULL_POINTER), "text is NULL; with text NULL, size 0 and needed the size is stated.")
  }
  guard size >= bytes.count else {
    if size > 0 { buffer.pointee = 0 }
    throw Failure(
      Int(UPSCATTER_BAD_SIZE), "The buffer has \(size) bytes, the text needs \(bytes.count) with its NUL.")
  }
  bytes.withUnsafeBufferPointer { source in
    if let start = source.baseAddress { buffer.update(from: start, count: bytes.count) }
  }
}
