import ReferenceBackend
import ScanCore
import Testing

@testable import ReferenceBackend

@Suite("Joint likelihood on the reference") struct JointReferenceTests {
  /// Known answers published with the generator (Salmon et al., Random123 distribution, file kat_vectors).
  @Test(
    "Philox 4x32-10 gives the published numbers",
    arguments: [
      (
        [0, 0, 0, 0], [0, 0],
        [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
      ),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func philox(counter: [UInt32], key: [UInt32], words: [UInt32]) {
    #expect(ReferenceToys.philox(counter: counter, key: key) == words)
  }

  /// One bin, no pull: chi2 = 2 [mu - n + n ln(n / mu)], lowest at mu = n.
  @Test("The minimum over the strength of one bin is where signal and background add up to the count")
  func oneBin() throws {
    let plan = JointPlan(
      rest: [3], variance: [0], pulls: [],
      blocks: [JointBlock(name: "bin", bins: 0..<1, signalShares: [])])
    let joint = try ReferenceBackend().load(plan)
    let minima = try joint.minima(
      JointSearch(rows: 0..<1), data: JointData(observed: [7, 2, 3]), templates: [2])
    #expect(abs(minima.strength[0] - 2) < 1e-7)
    #expect(minima.strength[1] == 0 && minima.strength[2] == 0)
    #expect(abs(minima.statistic[0]) < 1e-12)
    // 2 (3 - 2 + 2 ln(2/3)) = 0.3781395675...
    #expect(abs(minima.statistic[1] - 0.378_139_567_567_342_5) < 1e-12)
  }
}
