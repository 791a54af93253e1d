// The same limits from C++, with a handle that frees itself and errors that are exceptions.
//   c++ -std=c++17 limit.cpp $(pkg-config --cflags --libs upscatter) -o limit && ./limit coherent-csi-2021 10 30
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <upscatter.h>
#include <vector>

static void require(upscatter_status status) {
  if (status != UPSCATTER_OK) throw std::runtime_error(upscatter_last_error());
}

struct Free {
  void operator()(upscatter_analysis *analysis) const { upscatter_free(analysis); }
};
using Analysis = std::unique_ptr<upscatter_analysis, Free>;

static Analysis open(const std::string &experiment) {
  const char *names[] = {experiment.c_str()};
  upscatter_analysis *analysis = nullptr;
  require(upscatter_open(names, 1, &analysis));
  return Analysis(analysis);
}

static std::vector<double> limits(const upscatter_analysis *analysis, const std::vector<double> &masses) {
  std::vector<double> limit(masses.size());
  require(upscatter_limits(analysis, masses.data(), masses.size(), limit.data(), nullptr, nullptr, nullptr));
  return limit;
}

int main(int argc, char **argv) try {
  if (argc < 3) throw std::runtime_error("usage: limit EXPERIMENT MASS...   (MeV, ascending)");
  if (upscatter_abi_version() != UPSCATTER_ABI_VERSION) throw std::runtime_error("the library is not that of the header");
  const Analysis analysis = open(argv[1]);
  require(upscatter_set(analysis.get(), "flavor", "mu"));
  require(upscatter_set(analysis.get(), "backend", "simd"));
  std::vector<double> masses;
  for (int i = 2; i < argc; i++) masses.push_back(std::strtod(argv[i], nullptr));
  const std::vector<double> limit = limits(analysis.get(), masses);
  for (std::size_t i = 0; i < masses.size(); i++) std::printf("limit %.17g %.17g\n", masses[i], limit[i]);
  return 0;
} catch (const std::exception &error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
