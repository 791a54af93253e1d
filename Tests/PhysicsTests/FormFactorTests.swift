import DipolePhysics
import Testing

@Suite struct FormFactorTests {
  private static let shapes: [FormFactor.Shape] = [.helm, .kleinNystrand, .fermi]

  private func value(_ shape: FormFactor.Shape, _ row: [Double]) -> Double {
    FormFactor(shape: shape, rmsRadius: row[1], thickness: row[2]).value(momentumTransfer: row[0])
  }

  @Test("Helm agrees with 50-digit values", arguments: ReferenceValues.helm)
  func helm(row: [Double]) { #expect(isClose(value(.helm, row), row[3], relative: 2e-14)) }

  @Test("Klein-Nystrand agrees with 50-digit values", arguments: ReferenceValues.kleinNystrand)
  func kleinNystrand(row: [Double]) { #expect(isClose(value(.kleinNystrand, row), row[3], relative: 2e-14)) }

  @Test("Fermi is the Fourier transform of the symmetrised density", arguments: ReferenceValues.fermi)
  func fermi(row: [Double]) { #expect(isClose(value(.fermi, row), row[3], relative: 2e-14)) }

  @Test("F(0) = 1 and the slope at small q gives back the rms radius", arguments: shapes, [0.5, 0.7])
  func rmsRadius(shape: FormFactor.Shape, thickness: Double) {
    let factor = FormFactor(shape: shape, rmsRadius: 4.7, thickness: thickness)
    #expect(isClose(factor.value(momentumTransfer: 0), 1, relative: 5e-16))
    // 1 - F = q^2 r^2/6 (1 + O(q^2 r^2)); two values remove the next order
    let slope = { (q: Double) in 6 * (1 - factor.value(momentumTransfer: q)) / (q * q) }
    let extrapolated = (4 * slope(0.01) - slope(0.02)) / 3
    #expect(isClose(extrapolated, 4.7 * 4.7, relative: 1e-6))
  }

  @Test("Series and closed form meet without a step", arguments: shapes)
  func seam(shape: FormFactor.Shape) {
    let factor = FormFactor(shape: shape, rmsRadius: 4.7, thickness: 0.6)
    var previous = factor.value(momentumTransfer: 0.001)
    for i in 1...4000 {
      let next = factor.value(momentumTransfer: 0.001 + Double(i) * 2.5e-4)
      // |dF/dq| <= r_rms for every normalised density
      #expect(abs(next - previous) <= 4.7 * 2.5e-4 && abs(next) <= 1)
      previous = next
    }
    let across = { (edge: Double) in
      let (below, above) = (edge * (1 - 1e-12), edge * (1 + 1e-12))
      return factor.value(momentumTransfer: above) - factor.value(momentumTransfer: below)
    }
    #expect(abs(across(1 / factor.radius)) < 1e-11)
    #expect(abs(across(1 / (Double.pi * factor.thickness))) < 1e-11)
  }

  @Test("A radius below that of the surface gives no number rather than a wrong one", arguments: shapes)
  func impossibleRadius(shape: FormFactor.Shape) {
    let smallest = FormFactor.smallestRadius(shape: shape, thickness: 0.9)
    #expect(
      FormFactor(shape: shape, rmsRadius: 0.9 * smallest, thickness: 0.9).value(momentumTransfer: 0.1).isNaN)
    #expect(
      FormFactor(shape: shape, rmsRadius: 1.1 * smallest, thickness: 0.9).value(momentumTransfer: 0.1) > 0.9)
  }

  @Test("The point nucleus has no form factor and large arguments stay finite")
  func extremes() {
    #expect(FormFactor.unity.value(momentumTransfer: 3) == 1)
    #expect(FormFactor(shape: .unity, rmsRadius: 1, thickness: 1).value(momentumTransfer: 3) == 1)
    for shape in Self.shapes {
      let far = FormFactor(shape: shape, rmsRadius: 4.7, thickness: 0.6).value(momentumTransfer: 1e4)
      #expect(abs(far) < 1e-6)
    }
  }

  @Test("The Lewin-Smith radius is the published function of A")
  func lewinSmith() {
    // c = 5.6785, so R0^2 = 32.245 + 6.227 - 4.05
    #expect(isClose(lewinSmithRadius(massNumber: 133), 5.8671, relative: 1e-4))
    #expect(
      FormFactor.helm(radius: lewinSmithRadius(massNumber: 133), skin: 0.9).value(momentumTransfer: 0.3)
        < 0.75)
  }
}
