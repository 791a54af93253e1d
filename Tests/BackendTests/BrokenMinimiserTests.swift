import Foundation
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import OpenCLBackend
@testable import Verification

/// What `verify` is worth for joint fits: kernels with a part of their minimisers taken out fail on awkward plans, against the
/// reference or by their bits.
@Suite("Broken minimisers")
struct BrokenMinimiserTests {
  struct Break: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var file: String
    var text: String
    var broken: String
    /// On which it shows.
    var plan: JointVerificationCase
  }

  static let breaks = [
    Break(
      testDescription: "no bracket where Newton steps do not end", file: "joint_bracket.clh",
      text: "  if (!ANY(left)) return found;", broken: "  return found;", plan: AwkwardJointPlans.bentValley),
    Break(
      testDescription: "steps judged by what they change alone", file: "joint_newton.clh",
      text: "fits_strength && !j->is_linear ? stiffened(j, decrement) : decrement", broken: "decrement",
      plan: AwkwardJointPlans.nearlyCancelling),
    Break(
      testDescription: "a parabola below zero that is not put back", file: "joint.clh",
      text: "j->has_shapes ? value + parabolas(j, f) : value", broken: "value", plan: AwkwardJointPlans.edges),
    Break(
      testDescription: "steps searched from the ninth on", file: "joint_newton.clh",
      text: "fits_strength && !j->is_linear ? 0 : FIRST_SEARCHED_STEP", broken: "FIRST_SEARCHED_STEP",
      plan: AwkwardJointPlans.strongSignals),
    Break(
      testDescription: "rows that begin where the last one ended", file: "joint_search.clh",
      text: "range->fits_strength && !j->scales_uniformly", broken: "0",
      plan: AwkwardJointPlans.ownSignalPulls),
    Break(
      testDescription: "rows that begin with the same strength", file: "joint_search.clh",
      text: "SMALLEST_PART * total < own ? AT(j, start) * (total / own) : AT(j, start)",
      broken: "AT(j, start)",
      plan: AwkwardJointPlans.ownSignalPulls),
  ]

  @Test("A broken kernel is noticed, the whole one passes", .enabled(if: hasOpenCL), arguments: breaks)
  func noticed(change: Break) throws {
    var texts = KernelLibrary.embedded.texts
    let text = try #require(texts[change.file])
    try #require(text.components(separatedBy: change.text).count == 2)
    texts[change.file] = text.replacingOccurrences(of: change.text, with: change.broken)
    for (texts, passes) in [(texts, false), (KernelLibrary.embedded.texts, true)] {
      let backend = try OpenCLBackend(
        OpenCLPlatforms.devices[0], precision: .double, library: KernelLibrary(texts: texts), layout: .plain)
      let reports = compareJoint(
        reference: ReferenceBackend(), candidates: [try CPUBackend(workers: 1), backend], cases: [change.plan]
      )
      #expect(allPassed(reports) == passes, "\(reports.filter { !$0.passed })")
    }
  }
}
