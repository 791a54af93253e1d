import Testing
import Units

@Suite struct UnitTests {
  @Test(
    "A quantity is converted to the internal unit with one rounding",
    arguments: [
      ("14.6 kg", PhysicalDimension.mass, 14.6), ("610kg", .mass, 610), ("7 t", .mass, 7000),
      ("19.3 m", .length, 1930), ("0.125 us", .time, 0.125), ("26.033 ns", .time, 0.026033),
      ("1.5e3 ns", .time, 1.5), ("12 %", .fraction, 0.12), ("0.12", .fraction, 0.12),
      ("0.05 keV", .energy, 0.05 / 1000), ("-1.5E+2 keV", .energy, -0.15), ("52.8 MeV", .energy, 52.8),
      ("0.0749 keV", .energyInKeV, 0.0749), ("9.56 /keV", .perKeV, 9.56),
      ("13.35 PE/keV", .lightYield, 13.35),
      ("60 PE", .photoelectrons, 60), ("5.09 fm", .radius, 5.09),
      ("132.905451961 u", .atomicMass, 132.905451961),
      ("259.80992455 g/mol", .molarMass, 259.80992455), ("0.0494 /us", .rate, 0.0494), ("60 Hz", .rate, 6e-5),
      ("1e15 cm^-2", .fluence, 1e15), ("  3.198e23  ", .dimensionless, 3.198e23), ("1 1/GeV", .coupling, 1),
      ("2 \u{b5}s", .time, 2), ("1 m^2", .area, 1e4),
    ])
  func parses(text: String, dimension: PhysicalDimension, expected: Double) throws {
    #expect(try parseQuantity(text, as: dimension) == expected)
  }

  @Test(
    "A text that is not a quantity of the dimension is refused",
    arguments: [
      ("", PhysicalDimension.mass, UnitError.Problem.notANumber), ("kg", .mass, .notANumber),
      ("nan", .dimensionless, .notANumber), ("inf kg", .mass, .notANumber), ("--3 kg", .mass, .notANumber),
      ("1.2.3 kg", .mass, .notANumber), ("0x10 kg", .mass, .unknownUnit("x10 kg")),
      ("14.6", .mass, .missingUnit),
      ("14.6 m", .mass, .unknownUnit("m")), ("14.6 Kg", .mass, .unknownUnit("Kg")),
      ("3 e", .mass, .unknownUnit("e")),
      ("1e400 kg", .mass, .notFinite), ("1e308 t", .mass, .notFinite),
      ("5 %", .dimensionless, .unknownUnit("%")),
    ])
  func refuses(text: String, dimension: PhysicalDimension, problem: UnitError.Problem) {
    #expect(throws: UnitError(text: text, dimension: dimension, problem: problem)) {
      try parseQuantity(text, as: dimension)
    }
  }

  @Test("An error names the text, the wrong unit and the accepted ones")
  func explains() {
    let error = UnitError(text: "14.6 lb", dimension: .mass, problem: .unknownUnit("lb"))
    for part in ["14.6 lb", "\"lb\"", "a mass", "kg, g, mg, t"] { #expect(error.description.contains(part)) }
  }

  @Test("The example shown for a dimension is itself accepted", arguments: PhysicalDimension.allCases)
  func exampleParses(dimension: PhysicalDimension) throws {
    #expect(try parseQuantity(dimension.example, as: dimension).isFinite)
  }

  @Test(
    "A coupling survives the round trip through the internal convention",
    arguments: CouplingConvention.allCases)
  func couplingRoundTrip(convention: CouplingConvention) {
    for value in [2.1e-7, 1e-10, 3.3e-5] {
      #expect(isClose(convention.fromInternal(convention.toInternal(value)), value, relative: 1e-15))
    }
  }

  @Test("d = 2.1e-7 GeV^-1 is 7.087e-10 mu_B with the half in the Lagrangian and 1.417e-9 without")
  func couplingScale() {
    let internalValue = CouplingConvention.d.toInternal(2.1e-7)
    #expect(isClose(CouplingConvention.mu.fromInternal(internalValue), 7.087e-10, relative: 1e-4))
    let withoutHalf = CouplingConvention.dNoHalf.toInternal(2.1e-7)
    #expect(isClose(CouplingConvention.mu.fromInternal(withoutHalf), 1.417e-9, relative: 4e-4))
  }

  @Test("The Bohr magneton follows from alpha and the electron mass")
  func bohrMagneton() {
    let charge = (4 * Double.pi * PhysicalConstants.fineStructure).squareRoot()
    #expect(
      isClose(charge / (2 * PhysicalConstants.electronMass), PhysicalConstants.bohrMagneton, relative: 1e-15))
  }
}
