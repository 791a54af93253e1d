/// What kind of quantity a text states; decides the accepted units and the internal unit.
package enum PhysicalDimension: String, CaseIterable, Sendable, Codable {
  /// internal unit: kg
  case mass
  /// internal unit: cm
  case length
  /// internal unit: fm
  case radius
  /// internal unit: MeV
  case energy
  /// internal unit: keV; for constants of detector responses that are stated per keV
  case energyInKeV
  /// internal unit: 1/keV
  case perKeV
  /// internal unit: photoelectrons per keV
  case lightYield
  /// internal unit: photoelectrons
  case photoelectrons
  /// internal unit: sqrt(keV)
  case squareRootEnergy
  /// internal unit: 1/MeV
  case inverseEnergy
  /// internal unit: microseconds
  case time
  /// internal unit: 1/microsecond
  case rate
  /// internal unit: cm^2
  case area
  /// internal unit: cm^-2
  case fluence
  /// internal unit: cm^-2 s^-1
  case flux
  /// internal unit: unified atomic mass units
  case atomicMass
  /// internal unit: g/mol
  case molarMass
  /// internal unit: W
  case power
  /// internal unit: Bq
  case activity
  /// internal unit: mol/cm^3, of electrons in matter
  case electronDensity
  /// internal unit: eV^2, a difference of squared masses
  case massSplitting
  /// internal unit: rad
  case angle
  /// internal unit: GeV^-1, before any convention of the coupling is applied
  case coupling
  /// a ratio: plain number or per cent
  case fraction
  /// plain number
  case dimensionless
}

/// One unit: its spellings and value * multiplier / divisor = internal value. Two exact integers round once where a
/// factor such as 0.001 would round twice.
struct UnitDefinition: Sendable {
  let spellings: [String]
  let multiplier: Double
  let divisor: Double

  init(_ spellings: String..., multiplier: Double = 1, divisor: Double = 1) {
    self.spellings = spellings
    self.multiplier = multiplier
    self.divisor = divisor
  }
}

extension PhysicalDimension {
  /// Units of this dimension; an empty spelling means that a plain number is accepted.
  var units: [UnitDefinition] {
    switch self {
    case .mass, .atomicMass, .molarMass: massUnits
    case .length, .radius, .area, .fluence, .flux: lengthUnits
    case .energy, .energyInKeV, .perKeV, .inverseEnergy, .squareRootEnergy, .coupling: energyUnits
    case .time, .rate: timeUnits
    case .lightYield, .photoelectrons, .fraction, .dimensionless: countUnits
    case .power, .activity, .electronDensity, .massSplitting, .angle: sourceUnits
    }
  }

  /// Units of what describes a source of neutrinos.
  private var sourceUnits: [UnitDefinition] {
    switch self {
    case .power:
      [
        UnitDefinition("W"), UnitDefinition("kW", multiplier: 1e3), UnitDefinition("MW", multiplier: 1e6),
        UnitDefinition("GW", multiplier: 1e9),
      ]
    case .activity:
      [
        UnitDefinition("Bq"), UnitDefinition("Ci", multiplier: 3.7e10),
        UnitDefinition("kCi", multiplier: 3.7e13), UnitDefinition("MCi", multiplier: 3.7e16),
        UnitDefinition("PBq", multiplier: 1e15),
      ]
    case .electronDensity: [UnitDefinition("mol/cm^3", "mol/cm3")]
    case .massSplitting: [UnitDefinition("eV^2", "eV2")]
    default: [UnitDefinition("rad"), UnitDefinition("deg", multiplier: Double.pi, divisor: 180)]
    }
  }

  private var massUnits: [UnitDefinition] {
    switch self {
    case .atomicMass: [UnitDefinition("u", "Da")]
    case .molarMass: [UnitDefinition("g/mol"), UnitDefinition("kg/mol", multiplier: 1e3)]
    default:
      [
        UnitDefinition("kg"), UnitDefinition("g", divisor: 1e3), UnitDefinition("mg", divisor: 1e6),
        UnitDefinition("t", "tonne", multiplier: 1e3), UnitDefinition("kt", multiplier: 1e6),
      ]
    }
  }

  private var lengthUnits: [UnitDefinition] {
    switch self {
    case .radius: [UnitDefinition("fm")]
    case .area: [UnitDefinition("cm^2", "cm2"), UnitDefinition("m^2", "m2", multiplier: 1e4)]
    case .fluence:
      [
        UnitDefinition("/cm^2", "1/cm^2", "cm^-2", "/cm2"),
        UnitDefinition("/m^2", "1/m^2", "m^-2", divisor: 1e4),
      ]
    case .flux:
      [
        UnitDefinition("/cm^2/s", "1/cm^2/s", "cm^-2 s^-1", "/cm2/s"),
        UnitDefinition("/m^2/s", "1/m^2/s", "m^-2 s^-1", divisor: 1e4),
      ]
    default:
      [
        UnitDefinition("cm"), UnitDefinition("m", multiplier: 1e2), UnitDefinition("mm", divisor: 10),
        UnitDefinition("km", multiplier: 1e5),
      ]
    }
  }

  private var energyUnits: [UnitDefinition] {
    switch self {
    case .energyInKeV:
      [
        UnitDefinition("keV", "keVee"), UnitDefinition("eV", "eVee", divisor: 1e3),
        UnitDefinition("MeV", multiplier: 1e3),
      ]
    case .perKeV:
      [UnitDefinition("/keV", "1/keV", "keV^-1"), UnitDefinition("/MeV", "1/MeV", "MeV^-1", divisor: 1e3)]
    case .inverseEnergy:
      [UnitDefinition("/MeV", "1/MeV", "MeV^-1"), UnitDefinition("/keV", "1/keV", "keV^-1", multiplier: 1e3)]
    case .squareRootEnergy:
      [UnitDefinition("sqrt(keV)", "keV^0.5"), UnitDefinition("sqrt(MeV)", multiplier: 1e3.squareRoot())]
    case .coupling:
      [UnitDefinition("/GeV", "1/GeV", "GeV^-1"), UnitDefinition("/MeV", "1/MeV", multiplier: 1e3)]
    default:
      [
        UnitDefinition("MeV"), UnitDefinition("keV", "keVee", "keVnr", divisor: 1e3),
        UnitDefinition("eV", "eVee", divisor: 1e6), UnitDefinition("GeV", multiplier: 1e3),
      ]
    }
  }

  private var timeUnits: [UnitDefinition] {
    guard self == .time else {
      return [
        UnitDefinition("/us", "1/us", "us^-1", "MHz"),
        UnitDefinition("/ms", "1/ms", "ms^-1", "kHz", divisor: 1e3),
        UnitDefinition("/s", "1/s", "s^-1", "Hz", divisor: 1e6),
        UnitDefinition("/ns", "1/ns", multiplier: 1e3),
      ]
    }
    return [
      UnitDefinition("us", "\u{b5}s", "\u{3bc}s"), UnitDefinition("ns", divisor: 1e3),
      UnitDefinition("ms", multiplier: 1e3), UnitDefinition("s", multiplier: 1e6),
      UnitDefinition("min", multiplier: 6e7), UnitDefinition("h", multiplier: 3.6e9),
      UnitDefinition("d", "day", "days", multiplier: 8.64e10),
      // the Julian year of 365.25 days
      UnitDefinition("y", "yr", "year", "years", multiplier: 3.15576e13),
    ]
  }

  private var countUnits: [UnitDefinition] {
    switch self {
    case .lightYield: [UnitDefinition("PE/keV", "PE/keVee"), UnitDefinition("PE/MeV", divisor: 1e3)]
    case .photoelectrons: [UnitDefinition("PE")]
    case .fraction: [UnitDefinition(""), UnitDefinition("%", divisor: 100)]
    default: [UnitDefinition("")]
    }
  }
}

// MARK: - What people are told

extension PhysicalDimension {
  /// English name, for messages.
  package var name: String {
    switch self {
    case .mass: "a mass"
    case .length: "a length"
    case .radius: "a nuclear radius"
    case .energy, .energyInKeV: "an energy"
    case .perKeV, .inverseEnergy: "an inverse energy"
    case .lightYield: "a light yield"
    case .photoelectrons: "a number of photoelectrons"
    case .squareRootEnergy: "the square root of an energy"
    case .time: "a time"
    case .rate: "a rate"
    case .area: "an area"
    case .fluence: "a fluence"
    case .flux: "a flux"
    case .atomicMass: "an atomic mass"
    case .molarMass: "a molar mass"
    case .power: "a power"
    case .activity: "an activity"
    case .electronDensity: "an electron density"
    case .massSplitting: "a difference of squared masses"
    case .angle: "an angle"
    case .coupling: "a coupling"
    case .fraction: "a fraction"
    case .dimensionless: "a plain number"
    }
  }

  /// Unit of the values `parseQuantity` returns; empty for plain numbers.
  package var internalUnit: String {
    units.first { $0.multiplier == 1 && $0.divisor == 1 }?.spellings.first ?? ""
  }

  /// Accepted spellings of units, for messages.
  package var acceptedUnits: String {
    let spellings = units.compactMap(\.spellings.first)
    let named = spellings.filter { !$0.isEmpty }
    if named.isEmpty { return "no unit" }
    let list = named.joined(separator: ", ")
    return spellings.contains("") ? "no unit or \(list)" : "unit: \(list)"
  }

  /// A text that would be accepted.
  package var example: String {
    guard let unit = units.last(where: { !($0.spellings.first ?? "").isEmpty })?.spellings.first else {
      return "0.5"
    }
    return unit.hasPrefix("%") ? "12 %" : "2.5 \(internalUnit)"
  }
}
