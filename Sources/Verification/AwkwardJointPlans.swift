/// Small invented joint plans that meet the corners of the kernels: no pulls and many, bins of both kinds, shapes, empty bins,
/// signals with pulls of their own, few events and many.
package enum AwkwardJointPlans {
  /// All of them.
  package static var all: [JointVerificationCase] {
    [
      oneBin, primes, guided, ownSignalPulls, strongSignals, bentValley, nearlyCancelling, mixedBins, shapes,
      edges, emptyBins, freePull,
      manyPulls, fewEvents, manyEvents,
    ]
  }

  /// A few cases cut down, for kernel debuggers that interpret each operation.
  package static var tiny: [JointVerificationCase] {
    [oneBin, mixedBins, edges].map { item in
      var item = item
      item.points = Array(item.points.suffix(4))
      item.searches = [item.searches[0]]
      item.batches = item.batches.prefix(2).map { batch in
        var batch = batch
        batch.toys = 1..<2
        return batch
      }
      return item
    }
  }

  static var oneBin: JointVerificationCase {
    SyntheticJoint(blocks: [1], pulls: 0, rows: 1, seed: 1).verificationCase("one bin, no pulls")
  }

  static var primes: JointVerificationCase {
    SyntheticJoint(blocks: [7], pulls: 3, rows: 5, seed: 2).verificationCase("7 bins, three pulls, five rows")
  }

  static var guided: JointVerificationCase {
    SyntheticJoint(blocks: [13], pulls: 2, rows: 11, seed: 3)
      .verificationCase("eleven rows, nine toys", toys: 9)
  }

  static var ownSignalPulls: JointVerificationCase {
    SyntheticJoint(blocks: [4, 3], pulls: 3, ownSignalPulls: true, seed: 4)
      .verificationCase("two experiments, each with a signal pull")
  }

  /// Far inside an excluded region, where strength and pulls move along a bent valley.
  static var strongSignals: JointVerificationCase {
    SyntheticJoint(blocks: [4, 3], pulls: 2, strength: 200, ownSignalPulls: true, seed: 12)
      .verificationCase("two strong signals, each with a pull")
  }

  /// Beside precise Gaussian bins Newton steps do not end.
  static var bentValley: JointVerificationCase {
    SyntheticJoint(blocks: [3, -2], pulls: 2, strength: 1000, ownSignalPulls: true, seed: 20)
      .verificationCase("a bent valley")
  }

  /// Pulls undo all but 1e-7 of the curvature of the strength, of which 32 bits have no digit.
  static var nearlyCancelling: JointVerificationCase {
    var item = SyntheticJoint(blocks: [3, -2], pulls: 2, strength: 1000, ownSignalPulls: true, seed: 21)
      .verificationCase("pulls that undo a strength")
    item.isForDouble = true
    return item
  }

  static var mixedBins: JointVerificationCase {
    SyntheticJoint(blocks: [3, -2], pulls: 2, rows: 2, seed: 5).verificationCase("Poisson and Gaussian bins")
  }

  static var shapes: JointVerificationCase {
    SyntheticJoint(blocks: [5, -3], pulls: 2, shapes: 2, seed: 6).verificationCase("shapes of either sign")
  }

  /// Shapes that drive expectations below zero, in bins with and without events.
  static var edges: JointVerificationCase {
    SyntheticJoint(blocks: [6], pulls: 1, shapes: 2, shapeSize: 2.5, events: 1.5, seed: 13)
      .verificationCase("shapes that empty bins", toys: 9)
  }

  static var emptyBins: JointVerificationCase {
    SyntheticJoint(blocks: [8], pulls: 2, hasEmptyBins: true, seed: 7).verificationCase("empty bins")
  }

  static var freePull: JointVerificationCase {
    SyntheticJoint(blocks: [6], pulls: 2, lastIsFree: true, seed: 8)
      .verificationCase("a pull without constraint")
  }

  static var manyPulls: JointVerificationCase {
    SyntheticJoint(blocks: [17, -5, 11], pulls: 9, shapes: 1, rows: 2, seed: 9)
      .verificationCase("33 bins, ten pulls, three blocks")
  }

  static var fewEvents: JointVerificationCase {
    SyntheticJoint(blocks: [9], pulls: 2, rows: 4, events: 0.2, seed: 10).verificationCase("few events")
  }

  /// Means beside 32, where counts are drawn another way, and far above.
  static var manyEvents: JointVerificationCase {
    SyntheticJoint(blocks: [5, 3], pulls: 2, rows: 2, events: 2e4, seed: 11).verificationCase("many events")
  }
}
