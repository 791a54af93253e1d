import DipolePhysics
import Foundation

/// Flux moments I_0, I_1, I_2 of every source [UPS-8]: 1e-12.
func checkMomentTable(folder: String) throws(ReferenceTableError) -> [TableReport] {
  let file = "moments.csv"
  let table = try ReferenceCSV(folder: folder, file: file)
  var comparisons = ["I_0", "I_1", "I_2"].map { TableComparison(file: file, quantity: $0, tolerance: 1e-12) }
  var spectra: [String: any NeutrinoSpectrum] = [:]
  for row in table.rows {
    do throws(ReferenceTableError) {
      let name = try row.text("flux")
      if spectra[name] == nil { spectra[name] = try namedSpectrum(name, row, folder: folder) }
      guard let spectrum = spectra[name] else { continue }
      let moments = spectrum.moments(above: try row.number("E0_MeV"))
      let label = "line \(row.line) (\(name))"
      comparisons[0].add(moments.i0, reference: try row.number("I0"), label)
      comparisons[1].add(moments.i1, reference: try row.number("I1_invMeV"), label)
      comparisons[2].add(moments.i2, reference: try row.number("I2_invMeV2"), label)
    } catch {
      comparisons[0].fail(error.description)
    }
  }
  return comparisons.map(\.report)
}

private func namedSpectrum(
  _ name: String, _ row: ReferenceCSV.Row, folder: String
) throws(ReferenceTableError) -> any NeutrinoSpectrum {
  switch name {
  case "pidar:numu": PionDecayAtRest.prompt
  case "pidar:numubar": PionDecayAtRest.antiMuon
  case "pidar:nue": PionDecayAtRest.electron
  case "cr51": LineSpectrum.chromium51
  case "toy": try toySpectrum(folder: folder)
  case "hm:U235": ReactorSpectrum(uranium235: 1, uranium238: 0, plutonium239: 0, plutonium241: 0)
  case "hm:U238": ReactorSpectrum(uranium235: 0, uranium238: 1, plutonium239: 0, plutonium241: 0)
  case "hm:Pu239": ReactorSpectrum(uranium235: 0, uranium238: 0, plutonium239: 1, plutonium241: 0)
  case "hm:Pu241": ReactorSpectrum(uranium235: 0, uranium238: 0, plutonium239: 0, plutonium241: 1)
  default: throw row.failure("unknown flux \"\(name)\"")
  }
}

/// The table of the configuration whose name ends in 21_xe_toy_sm.
private func toySpectrum(folder: String) throws(ReferenceTableError) -> TabulatedSpectrum {
  let file = "configs.json"
  let text = try readReferenceText(folder: folder, file: file)
  let document: ToyDocument
  do {
    document = try JSONDecoder().decode(ToyDocument.self, from: Data(text.utf8))
  } catch {
    throw ReferenceTableError(file: file, problem: "not the expected JSON: \(error)")
  }
  let spectrum = document.configs.first { $0.id.hasSuffix("21_xe_toy_sm") }?.flux?.first?.spectrum
  let energies = spectrum?.energies?.compactMap { Double($0) } ?? []
  let densities = spectrum?.densities?.compactMap { Double($0) } ?? []
  guard energies.count >= 2, energies.count == densities.count, energies.count == spectrum?.energies?.count,
    energies[0] >= 0, zip(energies, energies.dropFirst()).allSatisfy({ $0 < $1 }),
    densities.allSatisfy({ $0 >= 0 && $0.isFinite })
  else {
    throw ReferenceTableError(
      file: file, problem: "no configuration *21_xe_toy_sm with a usable table of the flux")
  }
  return TabulatedSpectrum(energies: energies, densities: densities)
}

/// The part of configs.json that moments.csv refers to.
private struct ToyDocument: Decodable {
  struct Configuration: Decodable {
    let id: String
    let flux: [Component]?
  }

  struct Component: Decodable {
    let spectrum: Spectrum
  }

  struct Spectrum: Decodable {
    let energies: [String]?
    let densities: [String]?

    enum CodingKeys: String, CodingKey {
      case energies = "E"
      case densities = "phi"
    }
  }

  let configs: [Configuration]
}
