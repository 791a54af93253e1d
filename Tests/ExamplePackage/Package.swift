// swift-tools-version: 6.2
import PackageDescription

// From elsewhere: .package(url: "https://.../upscatter.git", from: "0.3.0") in place of the path.
let package = Package(
  name: "ExamplePackage",
  dependencies: [.package(name: "Upscatter", path: "../..")],
  targets: [
    .executableTarget(
      name: "limit", dependencies: [.product(name: "UpscatterKit", package: "Upscatter")])
  ],
  swiftLanguageModes: [.v6]
)
