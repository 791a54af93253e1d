internal import Pipeline

/// What the library says about itself.
public enum Upscatter {
  /// Returns the version of this library, as in "0.3.0": the one `upscatter --version` prints.
  public static var version: String { ToolVersion.current }
}
