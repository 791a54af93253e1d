import Foundation
import ScanCore

/// Runs gnuplot on a script that is kept beside the plot.
package enum Gnuplot {
  /// The first executable `gnuplot` on a search path; nil if there is none.
  package static func locate(
    searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
  ) -> String? {
    searchPath.split(separator: ":").map { "\($0)/gnuplot" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Where the script of a plot is kept: same name, extension `.gp`.
  package static func scriptPath(_ output: String) -> String {
    (output as NSString).deletingPathExtension + ".gp"
  }

  /// What draws the script by hand, wherever one is.
  private static func command(_ scriptPath: String) -> String {
    let folder = (scriptPath as NSString).deletingLastPathComponent
    return (folder.isEmpty ? "" : "cd \(ShellText.quote(folder)) && ")
      + "gnuplot \(ShellText.quote((scriptPath as NSString).lastPathComponent))"
  }

  /// Writes the script, runs it, and moves the picture into place when it is whole.
  /// - Parameters:
  ///   - output: path of the picture; its extension chooses the format
  ///   - style: of the picture
  ///   - program: gnuplot, as found by `locate`; nil makes the error that says how to install it
  ///   - script: text for a format and a file name, as from `ExclusionPlot.script` or `SpectrumPlot.script`
  package static func render(
    to output: String, style: PlotStyle = .light, program: String? = locate(),
    script: (PlotCanvas, String) throws(ReportError) -> String
  ) throws(ReportError) {
    let format = try PlotFormat(path: output)
    let name = (output as NSString).lastPathComponent
    let scriptPath = scriptPath(output)
    try AtomicFile.write(try script(PlotCanvas(format, style), name), to: scriptPath)
    guard let program else {
      throw ReportError(
        .plotterMissing,
        "\(output) was not drawn: gnuplot is not on the PATH. Install it (Debian, Ubuntu: apt install gnuplot-nox; "
          + "Fedora: dnf install gnuplot; macOS: brew install gnuplot) and run: "
          + "\(command(scriptPath)). Every other output was written.")
    }
    let partial = AtomicFile.partialPath(output)
    let (status, messages) = try run(
      program, ["-d", "-e", "out=\(GnuplotText.quoted((partial as NSString).lastPathComponent))"],
      script: (scriptPath as NSString).lastPathComponent, directory: DiskSpace.directory(of: output))
    let size = (try? FileManager.default.attributesOfItem(atPath: partial)[.size] as? Int) ?? 0
    guard status == 0, size > 0 else {
      unlink(partial)
      throw ReportError(
        .plotFailed,
        "\(output) was not drawn: gnuplot (\(program)) ended with status \(status)"
          + (messages.isEmpty ? "." : " and said: \(messages.prefix(400))")
          + " The script is \(scriptPath). Check the free space and that this gnuplot has the \(format) terminal "
          + "(gnuplot-nox has it).")
    }
    if format == .pdf { fixDate(of: partial) }
    try AtomicFile.moveIntoPlace(output)
  }

  /// Sets the creation date of a PDF file to the start of 1970, in place, so that equal runs give equal bytes. The
  /// libraries below gnuplot differ in whether they heed SOURCE_DATE_EPOCH.
  private static func fixDate(of path: String) {
    guard var bytes = FileManager.default.contents(atPath: path),
      let key = bytes.range(of: Data("/CreationDate (D:".utf8))
    else { return }
    let start = Data("19700101000000".utf8)
    let date = key.upperBound..<key.upperBound + start.count
    guard date.upperBound <= bytes.endIndex, bytes[date].allSatisfy({ (0x30...0x39).contains($0) }),
      let file = FileHandle(forUpdatingAtPath: path)
    else { return }
    bytes.replaceSubrange(date, with: start)
    try? file.write(contentsOf: bytes)
    try? file.close()
  }

  /// Exit status and what the program printed on its error stream, on one line. (-d in `arguments`: no start-up files of
  /// the user.)
  private static func run(
    _ program: String, _ arguments: [String], script: String, directory: String
  ) throws(ReportError) -> (Int32, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments + ["./" + script]
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = ProcessInfo.processInfo.environment.merging(["SOURCE_DATE_EPOCH": "0"]) { $1 }
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch {
      throw ReportError(
        .plotFailed, "gnuplot (\(program)) could not be started: \(error.localizedDescription). Reinstall it."
      )
    }
    let messages = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: messages, as: UTF8.self).onOneLine)
  }
}
