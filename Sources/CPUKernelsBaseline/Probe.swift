/// The kernels' own exp and ln on `count` numbers (a multiple of eight): for tests of their accuracy.
package func probeElementary(
  _ x: UnsafePointer<Double>, count: Int, exponentials: UnsafeMutablePointer<Double>,
  logarithms: UnsafeMutablePointer<Double>
) {
  var i = 0
  while i < count {
    let v = F64x8(load: x + i)
    exp(v).store(to: exponentials + i)
    log(v).store(to: logarithms + i)
    i += 8
  }
}
