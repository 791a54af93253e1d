/// |a - b| <= max(relative * max(|a|, |b|), absolute); false for NaN.
func isClose(_ a: Double, _ b: Double, relative: Double, absolute: Double = 0) -> Bool {
  abs(a - b) <= max(relative * max(abs(a), abs(b)), absolute)
}
