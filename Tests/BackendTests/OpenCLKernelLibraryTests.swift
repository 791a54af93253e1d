import Foundation
import ScanCore
import Testing

@testable import OpenCLBackend

@Suite("Kernel texts")
struct OpenCLKernelLibraryTests {
  private static let sourceFolder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Kernels/src")

  @Test("Every file of Kernels/src is compiled into the product, to the last byte")
  func everyFileIsEmbedded() throws {
    let folder = Self.sourceFolder
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
    let texts = KernelLibrary.embedded.texts
    #expect(Set(names) == Set(texts.keys))
    for name in names {
      #expect(
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) == texts[name], "\(name)"
      )
    }
  }

  @Test("Includes are expanded once each, with the line numbers drivers should report")
  func expansion() throws {
    let library = KernelLibrary(texts: [
      "main.cl": "// main\n#include \"a.clh\"\n#include \"b.clh\"\nint main_line_4;\n",
      "a.clh": "int a_line_1;\n", "b.clh": "#include \"a.clh\"\nint b_line_2;",
    ])
    let lines = try library.expanded("main.cl").split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines == [
        "#line 1 \"main.cl\"", "// main", "#line 1 \"a.clh\"", "int a_line_1;", "", "#line 3 \"main.cl\"",
        "#line 1 \"b.clh\"", "#line 2 \"b.clh\"", "int b_line_2;", "#line 4 \"main.cl\"", "int main_line_4;",
        "",
      ])
  }

  @Test("A missing include is an error that names both files")
  func missingInclude() {
    let library = KernelLibrary(texts: ["main.cl": "#include \"gone.clh\"\n"])
    #expect { try library.expanded("main.cl") } throws: { error in
      let message = (error as? BackendError)?.message ?? ""
      return message.contains("gone.clh included by main.cl")
    }
  }

  @Test("No include is left in the expanded kernels", arguments: ["rates.cl", "profile.cl", "pointwise.cl"])
  func nothingLeft(name: String) throws {
    let text = try KernelLibrary.embedded.expanded(name)
    #expect(!text.contains("#include"))
    #expect(text.components(separatedBy: "#pragma OPENCL FP_CONTRACT OFF").count == 2)
  }
}
