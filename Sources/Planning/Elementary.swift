#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Library functions under unambiguous names.
func exponential(_ x: Double) -> Double { exp(x) }
func naturalLog(_ x: Double) -> Double { log(x) }
func cosine(_ x: Double) -> Double { cos(x) }
