// Written by Scripts/pyhf-compare.py --fixtures with pyhf 0.7.6; do not edit.

/// Delta (-2 ln L) of pyhf to strength 1, minimised over the other parameters.
enum PyhfFixtures {
  static let strengths = [0.0, 0.25, 0.5, 1.0, 2.0]

  /// By the experiments of the model.
  static let differences: [String: [Double]] = [
    "coherent-csi-2021": [
      -3.0559612012595494, -2.5679999805896045, -1.869264076652371, 0.0, 4.841615388390437,
    ],
    "coherent-csi-2021, coherent-csi-2017": [
      -2.295567143503604, -2.1158958466139666, -1.6363001467923368, 0.0, 4.898589662202085,
    ],
    "coherent-lar-2020": [
      -2.6504330172069785, -2.5072298292921005, -1.9729247285376914, 0.0, 5.987722173322709,
    ],
    "supercdms": [
      -3.271840916302736, -2.9966729353393546, -2.2837613352450816, 0.0, 6.340247366610896,
    ],
    "foreign": [
      -0.32036420595119, -0.4368718241134566, -0.41777960004139914, 0.0, 2.1430036086809707,
    ],
    "foreign, empty bin": [
      -4.500855641966567, -3.4654530428358896, -2.3646330761454237, 0.0, 5.149101244782273,
    ],
  ]

  /// A workspace that was not made here, with the measurement "main". Its differences stand under "foreign", those with no
  /// event in place of 40.25 under "foreign, empty bin".
  static let foreign = #"""
    {"version": "1.0.0", "channels": [{"name": "b-region", "samples": [{"name": "signal", "data": [4.0,
    6.0, 3.0], "modifiers": [{"name": "strength", "type": "normfactor", "data": null}, {"name": "tilt",
    "type": "histosys", "data": {"lo_data": [3.6, 6.3, 2.4], "hi_data": [4.4, 5.7, 3.6]}}, {"name":
    "scale", "type": "histosys", "data": {"lo_data": [3.6, 5.4, 2.7], "hi_data": [4.4, 6.6, 3.3]}}]},
    {"name": "wide", "data": [50.0, 40.0, 30.0], "modifiers": [{"name": "lumi", "type": "lumi", "data":
    null}]}, {"name": "rare", "data": [2.0, 1.0, 8.0], "modifiers": [{"name": "scale", "type":
    "histosys", "data": {"lo_data": [1.8, 0.9, 7.2], "hi_data": [2.2, 1.1, 8.8]}}, {"name": "old",
    "type": "histosys", "data": {"lo_data": [1.0, 0.0, 7.0], "hi_data": [3.0, 2.0, 9.0]}}]}]}, {"name":
    "a-control", "samples": [{"name": "signal", "data": [0.0, 1.0], "modifiers": [{"name": "strength",
    "type": "normfactor", "data": null}, {"name": "scale", "type": "histosys", "data": {"lo_data": [0,
    0.8], "hi_data": [0, 1.2]}}]}, {"name": "free", "data": [20.0, 10.0], "modifiers": [{"name":
    "level", "type": "normfactor", "data": null}]}, {"name": "wide", "data": [5.0, 5.0], "modifiers":
    [{"name": "tilt", "type": "histosys", "data": {"lo_data": [4.5, 5.5], "hi_data": [5.5, 4.5]}}]}]}],
    "observations": [{"name": "a-control", "data": [33.0, 19.5]}, {"name": "b-region", "data": [61.0,
    44.0, 40.25]}], "measurements": [{"name": "other", "config": {"poi": "level", "parameters": []}},
    {"name": "main", "config": {"poi": "strength", "parameters": [{"name": "lumi", "inits": [1.0],
    "auxdata": [1.05], "sigmas": [0.05], "bounds": [[0.5, 1.5]]}, {"name": "old", "inits": [0.7],
    "fixed": true}, {"name": "tilt", "auxdata": [0.3]}]}}]}
    """#
}
