// swift-tools-version: 6.2
import PackageDescription

/// The CPU kernels are written once (`Sources/CPUKernelsBaseline`) and compiled once per
/// instruction-set level through symlinked folders; which one runs is chosen at run time.
/// They are optimised in debug builds too, each as a whole: at -Onone SIMD code is several hundred times slower, and
/// operators of another file are calls.
func cpuKernelTarget(_ level: String, march: String?) -> Target {
  var flags = ["-Ounchecked", "-wmo", "-num-threads", "2"]
  if let march { flags += ["-Xcc", "-march=\(march)"] }
  return .target(
    name: "CPUKernels\(level)", dependencies: ["CVec"], swiftSettings: [.unsafeFlags(flags)])
}

#if arch(x86_64)
  let cpuKernelTargets = [
    cpuKernelTarget("Baseline", march: nil),
    cpuKernelTarget("V3", march: "x86-64-v3"),
    cpuKernelTarget("V4", march: "x86-64-v4"),
  ]
#else
  let cpuKernelTargets = [cpuKernelTarget("Baseline", march: nil)]
#endif

/// `Scripts/make-node-kit` alone sets this, to the symbol of the toolchain's ICU data: the program is then linked with
/// `Sources/NodeKit`, which leaves those data out and asks for an older glibc.
let nodeKit: [Target] =
  Context.environment["UPSCATTER_NODE_KIT"].map { symbol in
    [.target(name: "NodeKit", cSettings: [.define("NODE_KIT_ICU_DATA", to: symbol)])]
  } ?? []

/// `Scripts/fuzz` alone sets this: the program that libFuzzer drives.
let fuzz: [Target] =
  Context.environment["UPSCATTER_FUZZ"] == nil
  ? [] : [.executableTarget(name: "Fuzz", dependencies: ["Experiments", "Exchange"], path: "Tests/Fuzz")]

/// `Scripts/build-library` alone sets this: the Swift runtime goes into libupscatter, which SwiftPM does for programs only.
let runtime: [LinkerSetting] =
  Context.environment["UPSCATTER_LIBRARY"] == nil ? [] : [.unsafeFlags(["-static-stdlib"])]

let nodeKitDependencies: [Target.Dependency] = nodeKit.map { .target(name: $0.name) }
let cpuKernelDependencies: [Target.Dependency] = cpuKernelTargets.map { .target(name: $0.name) }

let targets: [Target] = [
  // C side: system libraries, shims, texts compiled into the product.
  .systemLibrary(
    name: "COpenCL", pkgConfig: "OpenCL", providers: [.apt(["ocl-icd-opencl-dev"])]),
  .systemLibrary(name: "CHwloc", pkgConfig: "hwloc", providers: [.apt(["libhwloc-dev"])]),
  .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
  .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  .target(name: "CShims"),
  .target(name: "CVec"),
  .target(name: "KernelSources", path: "Kernels", exclude: ["src", "README.md"]),
  .target(name: "CatalogueFiles", exclude: ["entries", "library", "published", "validation"]),

  // Above the waist: physics and experiments, in Double.
  .target(name: "Units"),
  .target(name: "Numerical"),
  .target(name: "Hashing"),
  .target(name: "DipolePhysics", dependencies: ["Units", "Numerical"]),
  .target(
    name: "Experiments",
    dependencies: [
      "Units", "Numerical", "Hashing", "CatalogueFiles", "DipolePhysics",
      .product(name: "Yams", package: "Yams"),
    ]),
  .target(
    name: "Rates",
    dependencies: ["DipolePhysics", "Experiments", "Numerical", "ScanCore", "Units"]),
  .target(name: "Planning", dependencies: ["Rates", "ScanCore", "Numerical", "Units"]),

  // The waist.
  .target(name: "ScanCore"),

  // Below the waist: grids of numbers.
  .target(name: "ReferenceBackend", dependencies: ["ScanCore"]),
  .target(
    name: "SIMDBackend",
    dependencies: ["ScanCore", "CHwloc", "CShims", "CVec"]
      + cpuKernelDependencies),
  .target(
    name: "OpenCLBackend", dependencies: ["ScanCore", "Hashing", "COpenCL", "KernelSources"]),
  .target(
    name: "Backends",
    dependencies: ["ScanCore", "Verification", "ReferenceBackend", "SIMDBackend", "OpenCLBackend"]),
  .target(name: "Statistics", dependencies: ["ScanCore", "Numerical"]),
  .target(name: "Contours", dependencies: ["ScanCore"]),
  .target(name: "Verification", dependencies: ["ScanCore", "Numerical"]),
  .target(
    name: "ReferenceTables",
    dependencies: [
      "ScanCore", "DipolePhysics", "Experiments", "Rates", "Statistics", "Numerical", "Units",
    ]),
  .target(name: "Exchange", dependencies: ["ScanCore"]),
  .target(
    name: "Scanning", dependencies: ["ScanCore", "Statistics"]),
  .target(
    name: "Reporting",
    dependencies: ["ScanCore", "Contours", "CHDF5", "CatalogueFiles", "Units", "Hashing"]),
  .target(name: "Checkpoints", dependencies: ["ScanCore", "Hashing", "CSQLite"]),
  .target(
    name: "Pipeline",
    dependencies: [
      "Units", "Experiments", "Rates", "Planning", "ScanCore", "Backends", "Statistics", "Contours",
      "Verification", "Scanning", "Reporting", "SIMDBackend", "ReferenceBackend", "Hashing", "Exchange",
      "Checkpoints",
    ]),

  // For other programs: Swift, and C with everything that calls C.
  .target(
    name: "UpscatterKit",
    dependencies: [
      "Pipeline", "Experiments", "Rates", "Planning", "ScanCore", "Backends", "SIMDBackend", "Contours",
      "Units",
    ]),
  .target(name: "CUpscatter", exclude: ["upscatter.pc.in", "exports.map"]),
  .target(name: "UpscatterC", dependencies: ["UpscatterKit", "CUpscatter"], linkerSettings: runtime),

  .executableTarget(
    name: "upscatter",
    dependencies: [
      "Units", "Experiments", "Rates", "Planning", "ScanCore", "Backends", "Statistics",
      "Contours", "Verification", "ReferenceTables", "Scanning", "Reporting", "SIMDBackend",
      "OpenCLBackend",
      "Pipeline", "ReferenceBackend", "CShims", "Exchange", "Checkpoints",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ] + nodeKitDependencies),
]

let tests: [Target] = [
  .testTarget(name: "PhysicsTests", dependencies: ["Units", "Numerical", "DipolePhysics"]),
  .testTarget(
    name: "ExperimentTests",
    dependencies: ["Experiments", "Units", "CatalogueFiles", "Hashing", "DipolePhysics"]),
  .testTarget(
    name: "RateTests",
    dependencies: [
      "Rates", "Experiments", "DipolePhysics", "Planning", "Pipeline", "ReferenceTables", "Units",
      "ReferenceBackend", "SIMDBackend", "ScanCore",
    ]),
  .testTarget(
    name: "BackendTests",
    dependencies: [
      "Backends", "ScanCore", "Verification", "Planning", "Rates", "Experiments", "Pipeline",
      "ReferenceBackend", "SIMDBackend", "OpenCLBackend", "KernelSources", "Scanning", "Statistics",
      "CPUKernelsBaseline",
    ]),
  .testTarget(
    name: "StatisticsTests",
    dependencies: [
      "Statistics", "Contours", "ScanCore", "ReferenceBackend", "SIMDBackend", "Verification",
      "ReferenceTables", "Numerical",
    ]),
  .testTarget(
    name: "ExchangeTests",
    dependencies: [
      "Exchange", "ScanCore", "Statistics", "ReferenceBackend", "SIMDBackend", "Pipeline",
      "Experiments", "Rates", "Reporting",
    ]),
  .testTarget(
    name: "ReportingTests",
    dependencies: [
      "Reporting", "Contours", "ScanCore", "CHDF5", "Experiments", "Rates", "Pipeline", "SIMDBackend",
    ]),
  .testTarget(
    name: "CheckpointTests", dependencies: ["Checkpoints", "ScanCore", "CSQLite"]),
  .testTarget(
    name: "UpscatterKitTests",
    dependencies: ["UpscatterKit", "UpscatterC", "CUpscatter", "upscatter", "Reporting"]),
  .testTarget(
    name: "CommandTests",
    dependencies: ["upscatter", "Pipeline", "Reporting", "OpenCLBackend", "ScanCore"]),
]

/// Where tests, and the program that they start, spend their time: optimised in debug builds too. Traps for overflow and
/// bounds stay.
let optimised: Set = [
  "Checkpoints", "Contours", "DipolePhysics", "Exchange", "Experiments", "Hashing", "Numerical", "Pipeline",
  "Planning", "Rates", "ReferenceBackend", "ReferenceTables", "Reporting", "ScanCore", "Scanning",
  "Statistics", "Units", "Verification",
]
for target in targets where optimised.contains(target.name) {
  target.swiftSettings = [.unsafeFlags(["-O"])]
}

let package = Package(
  name: "Upscatter",
  products: [
    .executable(name: "upscatter", targets: ["upscatter"]),
    .library(name: "UpscatterKit", targets: ["UpscatterKit"]),
    // libupscatter, as Scripts/build-library makes it
    .library(name: "upscatter-c", type: .dynamic, targets: ["UpscatterC"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: targets + nodeKit + fuzz + cpuKernelTargets + tests,
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)
