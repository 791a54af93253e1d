import Foundation

/// A complex number, as far as mixing and moment matrices need it.
package struct Complex: Hashable, Sendable {
  package var real: Double
  package var imaginary: Double

  package init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// exp(i phase).
  package static func phase(_ phase: Double) -> Complex { Complex(cos(phase), sin(phase)) }

  package var conjugate: Complex { Complex(real, -imaginary) }

  package var squaredMagnitude: Double { real * real + imaginary * imaginary }

  package static func + (a: Complex, b: Complex) -> Complex {
    Complex(a.real + b.real, a.imaginary + b.imaginary)
  }

  package static func - (a: Complex, b: Complex) -> Complex {
    Complex(a.real - b.real, a.imaginary - b.imaginary)
  }

  package static func * (a: Complex, b: Complex) -> Complex {
    Complex(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }

  package static func * (a: Double, b: Complex) -> Complex { Complex(a * b.real, a * b.imaginary) }
}
