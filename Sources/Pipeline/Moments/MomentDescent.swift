import Foundation
import ScanCore

/// Quasi-Newton steps (BFGS; Nocedal and Wright, Numerical Optimization, 2006, ch. 6) from one start, one evaluation at a time.
struct MomentDescent {
  private let parameters: [MomentParameter]
  /// Unit of sizes per parameter; 1 for phases.
  private let scales: [Double]
  private(set) var point: MomentPoint
  private(set) var statistic = Double.infinity
  private(set) var isDone = false
  /// What is to be evaluated next.
  private(set) var trial: MomentPoint

  /// roots of sizes over their scale, and phases
  private var place: [Double]
  private var slope: [Double] = []
  private var inverse: [[Double]] = []
  private var direction: [Double] = []
  private var step = 1.0
  private var small = 0

  /// chi2 falls by less than this, three times: done.
  private static let negligible = 1e-11
  private static let shortest = 1e-12

  init(_ start: MomentPoint, parameters: [MomentParameter], scales: [Double]) {
    self.parameters = parameters
    self.scales = parameters.map { $0.isPhase ? 1 : max(scales[$0.state], .leastNormalMagnitude) }
    point = start
    trial = start
    place = zip(parameters, self.scales).map { parameter, scale in
      parameter.isPhase ? start[parameter] : (start[parameter] / scale).squareRoot()
    }
  }

  mutating func take(_ value: MomentLikelihood.Value) {
    let slope = zip(parameters, scales).enumerated().map { index, pair in
      let own = value.gradient[pair.0.index]
      return pair.0.isPhase ? own : own * 2 * trialPlace[index] * pair.1
    }
    if !statistic.isFinite {
      (statistic, self.slope) = (value.statistic, slope)
      restart()
      return
    }
    let promised = step * zip(self.slope, direction).reduce(0) { $0 + $1.0 * $1.1 }
    guard value.statistic <= statistic + 1e-4 * promised else {
      step /= 4
      if step < Self.shortest { stop() } else { propose() }
      return
    }
    let moved = direction.map { step * $0 }
    let turned = zip(slope, self.slope).map { $0 - $1 }
    small = statistic - value.statistic < Self.negligible ? small + 1 : 0
    (place, point) = (trialPlace, trial)
    (statistic, self.slope) = (value.statistic, slope)
    if small >= 3 || slope.allSatisfy({ $0 == 0 }) {
      isDone = true
      return
    }
    update(moved, turned)
    advance()
  }

  // MARK: - Steps

  private var trialPlace: [Double] {
    statistic.isFinite ? zip(place, direction).map { $0 + step * $1 } : place
  }

  private mutating func propose() {
    for (index, parameter) in parameters.enumerated() {
      let value = trialPlace[index]
      trial[parameter] = parameter.isPhase ? value : value * value * scales[index]
    }
  }

  /// A first step of a twentieth of the unit of the steepest parameter.
  private mutating func restart() {
    let largest = slope.map(abs).max() ?? 0
    guard largest > 0, largest.isFinite else {
      isDone = true
      return
    }
    inverse = slope.indices.map { row in slope.indices.map { row == $0 ? 0.05 / largest : 0 } }
    advance()
  }

  private mutating func advance() {
    direction = inverse.map { row in -zip(row, slope).reduce(0) { $0 + $1.0 * $1.1 } }
    if zip(direction, slope).reduce(0, { $0 + $1.0 * $1.1 }) >= 0 { direction = slope.map { -$0 } }
    step = 1
    propose()
  }

  /// No step falls: from the inverse Hessian of a fresh start once more, then done.
  private mutating func stop() {
    small += 1
    if small >= 3 { isDone = true } else { restart() }
  }

  private mutating func update(_ s: [Double], _ y: [Double]) {
    let sy = zip(s, y).reduce(0) { $0 + $1.0 * $1.1 }
    guard sy > 0 else { return }
    let hy = inverse.map { row in zip(row, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let yhy = zip(y, hy).reduce(0) { $0 + $1.0 * $1.1 }
    for i in s.indices {
      for j in s.indices {
        inverse[i][j] += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy
      }
    }
  }
}
