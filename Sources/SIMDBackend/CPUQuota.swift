import Foundation

/// CPU time limits of Linux control groups, which neither hwloc nor the affinity mask shows.
package enum CPUQuota {
  /// The tightest limit on this process in CPU seconds per second, or nil without one.
  package static func current() -> Double? {
    guard let groups = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8) else { return nil }
    return groups.split(separator: "\n").flatMap(limits(ofGroupLine:)).min()
  }

  /// Limit in the notation of `cpu.max` (version 2): "200000 100000" is 2; "max 100000" is none (nil).
  package static func parse(_ text: String) -> Double? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]) else { return nil }
    return quota > 0 && period > 0 && quota.isFinite ? quota / period : nil
  }

  /// A line of /proc/self/cgroup is "id:controllers:/path"; version 2 has the id 0 and no controllers.
  private static func limits(ofGroupLine line: Substring) -> [Double] {
    let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3 else { return [] }
    if fields[1].isEmpty {
      return ancestors(of: fields[2]).compactMap { read("/sys/fs/cgroup\($0)/cpu.max").flatMap(parse) }
    }
    guard fields[1].split(separator: ",").contains("cpu") else { return [] }
    return ancestors(of: fields[2]).compactMap { path in
      let folder = "/sys/fs/cgroup/\(fields[1])\(path)"
      guard let quota = read("\(folder)/cpu.cfs_quota_us"), let period = read("\(folder)/cpu.cfs_period_us")
      else { return nil }
      return parse("\(quota) \(period)")
    }
  }

  /// "/a/b" gives "", "/a" and "/a/b": a limit anywhere above holds below.
  private static func ancestors(of path: Substring) -> [String] {
    path.split(separator: "/").reduce(into: [""]) { $0.append("\($0.last ?? "")/\($1)") }
  }

  private static func read(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}
