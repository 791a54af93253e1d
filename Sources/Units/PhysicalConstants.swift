/// Physical constants in the program's internal units (MeV, fm or cm, s) [UPS-1].
///
/// Sources: CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010) and the Particle Data Group review of
/// 2022 (Workman et al., PTEP 2022 (2022) 083C01).
package enum PhysicalConstants {
  /// G_F in MeV^-2 (PDG 2022).
  package static let fermiConstant = 1.1663788e-11
  /// alpha at zero momentum transfer (CODATA 2018).
  package static let fineStructure = 1 / 137.035999084
  /// Electron mass, MeV (CODATA 2018).
  package static let electronMass = 0.51099895
  /// Muon mass, MeV (CODATA 2018).
  package static let muonMass = 105.6583755
  /// Mass of the charged pion, MeV (PDG 2022).
  package static let pionMass = 139.57039
  /// hbar c, MeV fm (exact in the SI, CODATA 2018).
  package static let hbarC = 197.3269804
  /// hbar c, MeV cm.
  package static let hbarCCentimetres = 197.3269804e-13
  /// (hbar c)^2, MeV^2 cm^2: turns MeV^-2 into cm^2.
  package static let hbarCSquared = hbarCCentimetres * hbarCCentimetres
  /// hbar, MeV s (CODATA 2018).
  package static let hbar = 6.582119569e-22
  /// One MeV in joules (exact in the SI since 2019).
  package static let joulesPerMeV = 1.602176634e-13
  /// Unified atomic mass unit, MeV (CODATA 2018).
  package static let atomicMassUnit = 931.49410242
  /// Avogadro's constant, 1/mol (exact in the SI since 2019).
  package static let avogadro = 6.02214076e23
  /// sin^2 theta_W at zero momentum transfer, MS-bar (PDG 2022: 0.23857(5)).
  package static let weakMixingAngleSquaredSine = 0.23857
  /// Bohr magneton e/(2 m_e) with e = sqrt(4 pi alpha), GeV^-1; from alpha and m_e above.
  package static let bohrMagnetonInverseGeV = 296.30405392393922
  /// Bohr magneton, MeV^-1.
  package static let bohrMagneton = bohrMagnetonInverseGeV * 1e-3
  /// Speed of light, cm/s (exact in the SI).
  package static let speedOfLight = 2.99792458e10
  /// Mean life of the charged pion, microseconds (PDG 2022).
  package static let pionLifetime = 0.026033
  /// Mean life of the muon, microseconds (PDG 2022).
  package static let muonLifetime = 2.1969811
}
