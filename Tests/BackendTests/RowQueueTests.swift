import ScanCore
import Testing

@testable import Scanning

/// The bookkeeping of shared scans, on an invented clock.
@Suite("Queue of rows")
struct RowQueueTests {
  private static let limits = RowQueue.Limits(first: 4, maximum: 64)

  private static func queue(_ rows: Int, devices: Int, window: Int? = nil) -> RowQueue {
    RowQueue(
      rows: 0..<rows, window: window ?? rows, limits: Array(repeating: limits, count: devices), runSeconds: 1)
  }

  private static func rows(_ answer: RowQueue.Answer) -> Range<Int>? {
    if case .compute(let run) = answer { run.rows } else { nil }
  }

  @Test("One device gets the rows in order, in runs as long as its speed asks for")
  func oneDevice() throws {
    var queue = Self.queue(100, devices: 1)
    var now = 0.0
    var lengths: [Int] = []
    var next = 0
    while case .compute(let run) = queue.next(for: 0, now: now) {
      #expect(run.rows.lowerBound == next)
      next = run.rows.upperBound
      lengths.append(run.rows.count)
      now += Double(run.rows.count) / 20  // 20 rows per second
      let accepted = queue.finish(run, by: 0, now: now)
      #expect(accepted)
    }
    #expect(lengths == [4, 20, 20, 20, 20, 16])
    #expect(queue.isFinished)
  }

  @Test("No device runs further ahead of delivery than the window, and none waits for nothing")
  func window() throws {
    var queue = Self.queue(100, devices: 2, window: 10)
    let first = try #require(Self.run(queue.next(for: 0, now: 0)))
    let second = try #require(Self.run(queue.next(for: 1, now: 0)))
    #expect(first.rows == 0..<4 && second.rows == 4..<8)
    _ = queue.finish(second, by: 1, now: 0.5)
    #expect(Self.rows(queue.next(for: 1, now: 0.5)) == nil)  // 8..<12 would leave the window
    _ = queue.finish(first, by: 0, now: 0.6)
    queue.deliver(upTo: 8)
    #expect(Self.rows(queue.next(for: 1, now: 0.6)) == 8..<16)
  }

  @Test("Rows of a dropped device are drawn again, lowest first, and its late result is not counted")
  func dropped() throws {
    var queue = Self.queue(40, devices: 2)
    let lost = try #require(Self.run(queue.next(for: 0, now: 0)))
    let other = try #require(Self.run(queue.next(for: 1, now: 0)))
    queue.drop(0)
    #expect(!queue.isWanted(lost))
    let late = queue.finish(lost, by: 0, now: 1)
    #expect(!late)
    _ = queue.finish(other, by: 1, now: 1)
    #expect(Self.rows(queue.next(for: 1, now: 1)) == lost.rows)
  }

  /// Two devices, of ten and `speed` rows per second, until all rows are begun: the second holds the run `other` since
  /// time 10, the first has nothing left but what `answer` says at time `now`.
  private struct Ending {
    var queue = RowQueueTests.queue(6, devices: 2)
    var other = RowQueue.Run(id: -1, rows: 0..<0)
    var now = 10.0
    var answer = RowQueue.Answer.done

    init(speed: Double) throws {
      for (device, speed) in [(0, 10), (1, speed)] {
        let run = try #require(RowQueueTests.run(queue.next(for: device, now: 0)))
        _ = queue.finish(run, by: device, now: Double(run.rows.count) / speed)
      }
      other = try #require(RowQueueTests.run(queue.next(for: 1, now: now)))
      answer = queue.next(for: 0, now: now)
      while case .compute(let run) = answer, run != other {
        now += Double(run.rows.count) / 10
        _ = queue.finish(run, by: 0, now: now)
        answer = queue.next(for: 0, now: now)
      }
    }
  }

  @Test("An idle device computes the run of a slow one again at once, and the first result counts")
  func secondCopy() throws {
    var end = try Ending(speed: 0.5)
    #expect(end.answer == .compute(end.other))
    #expect(end.queue.next(for: 0, now: end.now) == .wait(until: nil), "once is enough")
    let first = end.queue.finish(end.other, by: 0, now: end.now + 0.1)
    let second = end.queue.finish(end.other, by: 1, now: 12)
    #expect(first && !second && end.queue.isFinished)
  }

  @Test("An idle device waits for one of its own speed until that is late")
  func lateness() throws {
    var end = try Ending(speed: 7)
    guard case .wait(let until?) = end.answer else {
      Issue.record("the device should wait")
      return
    }
    let due = 10 + Double(end.other.rows.count) / 7
    #expect(until > due && until < due + 0.2)
    #expect(end.queue.next(for: 0, now: until - 1e-6) == .wait(until: until))
    #expect(end.queue.next(for: 0, now: until + 1e-6) == .compute(end.other))
  }

  private static func run(_ answer: RowQueue.Answer) -> RowQueue.Run? {
    if case .compute(let run) = answer { run } else { nil }
  }

  // MARK: - Simulations

  /// Rows per second of each device, and the time from which it computes nothing any more: dropped, or hung.
  struct Crew: Sendable, CustomTestStringConvertible {
    var speeds: [Double]
    var dropped: [Int: Double] = [:]
    var hung: [Int: Double] = [:]
    var testDescription: String { "\(speeds) dropped \(dropped) hung \(hung)" }
  }

  static let crews = [
    Crew(speeds: [100]), Crew(speeds: [100, 100]), Crew(speeds: [1000, 10]), Crew(speeds: [7, 50, 51, 400]),
    Crew(speeds: [100, 100, 100], dropped: [1: 3.3]), Crew(speeds: [100, 100], dropped: [0: 0.01]),
    Crew(speeds: [100, 300], hung: [1: 2.05]), Crew(speeds: [100, 100, 50], hung: [0: 0, 1: 5]),
    Crew(speeds: [200, 200, 200, 200], dropped: [0: 1.5, 2: 4], hung: [3: 1]),
  ]

  @Test(
    "Every row is finished once, in little more time than the devices that work need", arguments: crews,
    [10_000, 300])
  func simulation(crew: Crew, window: Int) {
    let rows = 3000
    var queue = Self.queue(rows, devices: crew.speeds.count, window: window)
    var busy: [Int: (run: RowQueue.Run, end: Double)] = [:]
    var live = Set(crew.speeds.indices)
    var owner = [Int?](repeating: nil, count: rows)
    var now = 0.0
    var wake: [Double] = []
    while now < 1e6 {
      for (device, time) in crew.dropped where time <= now && live.contains(device) {
        live.remove(device)
        busy[device] = nil
        queue.drop(device)
      }
      for (device, work) in busy.sorted(by: { $0.key < $1.key }) where work.end <= now {
        busy[device] = nil
        guard queue.finish(work.run, by: device, now: now) else { continue }
        for row in work.run.rows {
          #expect(owner[row] == nil)
          owner[row] = device
        }
      }
      if queue.isFinished { break }
      queue.deliver(upTo: owner.firstIndex { $0 == nil } ?? rows)
      wake = crew.dropped.values.filter { $0 > now }
      for device in live.sorted() where busy[device] == nil {
        switch queue.next(for: device, now: now) {
        case .compute(let run):
          let end = now + Double(run.rows.count) / crew.speeds[device]
          busy[device] = (run, end > crew.hung[device] ?? .infinity ? .infinity : end)
        case .wait(let until): wake.append(until ?? .infinity)
        case .done: break
        }
      }
      now = max(now + 1e-6, (wake + busy.values.map(\.end)).min() ?? now)
    }
    #expect(queue.isFinished)
    #expect(owner.allSatisfy { $0 != nil })
    let able = crew.speeds.indices.filter { crew.dropped[$0] == nil && crew.hung[$0] == nil }
    let ideal = Double(rows) / able.reduce(0) { $0 + crew.speeds[$1] }
    #expect(now < 1.1 * ideal + 3, "\(now) s, ideal \(ideal) s")
  }
}
