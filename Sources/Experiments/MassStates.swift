extension [FluxComponentSpec] {
  /// The same neutrinos with every flux that knows its mass states split into these (`massState` 1, 2, 3; labels "b8_1", ...)
  /// in place of flavours; nil if none does [UPS-16].
  package var inMassStates: [FluxComponentSpec]? {
    guard contains(where: { $0.massStates != nil }) else { return nil }
    var seen: Set<String> = []
    return flatMap { component -> [FluxComponentSpec] in
      guard let content = component.massStates else { return [component] }
      return seen.insert(content.flux).inserted ? component.split(content) : []
    }
  }
}

extension FluxComponentSpec {
  fileprivate func split(_ content: MassStateContent) -> [FluxComponentSpec] {
    content.probabilities.enumerated().compactMap { index, probabilities in
      guard probabilities.contains(where: { $0 > 0 }) else { return nil }
      let (spectrum, share) = content.spectrum.weighted(by: probabilities)
      var state = self
      state.label = "\(content.flux)_\(index + 1)"
      state.spectrum = spectrum
      state.fluence = content.fluence * share
      state.massStates = nil
      state.massState = index + 1
      return state
    }
  }
}
