#include "KernelSources.h"

static const char common_clh[] = {
#embed "src/common.clh" suffix(, 0)
};
static const char integrand_clh[] = {
#embed "src/integrand.clh" suffix(, 0)
};
static const char rates_clh[] = {
#embed "src/rates.clh" suffix(, 0)
};
static const char newton_clh[] = {
#embed "src/newton.clh" suffix(, 0)
};
static const char statistic_clh[] = {
#embed "src/statistic.clh" suffix(, 0)
};
static const char poisson_clh[] = {
#embed "src/poisson.clh" suffix(, 0)
};
static const char gaussian_clh[] = {
#embed "src/gaussian.clh" suffix(, 0)
};
static const char chains_clh[] = {
#embed "src/chains.clh" suffix(, 0)
};
static const char rates_cl[] = {
#embed "src/rates.cl" suffix(, 0)
};
static const char profile_cl[] = {
#embed "src/profile.cl" suffix(, 0)
};
static const char pointwise_cl[] = {
#embed "src/pointwise.cl" suffix(, 0)
};
static const char pulled_rates_clh[] = {
#embed "src/pulled_rates.clh" suffix(, 0)
};
static const char pulled_rates_cl[] = {
#embed "src/pulled_rates.cl" suffix(, 0)
};
static const char joint_clh[] = {
#embed "src/joint.clh" suffix(, 0)
};
static const char joint_curvature_clh[] = {
#embed "src/joint_curvature.clh" suffix(, 0)
};
static const char joint_step_clh[] = {
#embed "src/joint_step.clh" suffix(, 0)
};
static const char joint_newton_clh[] = {
#embed "src/joint_newton.clh" suffix(, 0)
};
static const char joint_bracket_clh[] = {
#embed "src/joint_bracket.clh" suffix(, 0)
};
static const char joint_search_clh[] = {
#embed "src/joint_search.clh" suffix(, 0)
};
static const char toys_clh[] = {
#embed "src/toys.clh" suffix(, 0)
};
static const char joint_cl[] = {
#embed "src/joint.cl" suffix(, 0)
};
static const char toys_cl[] = {
#embed "src/toys.cl" suffix(, 0)
};
static const char peak_cl[] = {
#embed "src/peak.cl" suffix(, 0)
};

#define SOURCE(name, array) {name, array, sizeof array - 1}

static const kernel_source_t sources[] = {
    SOURCE("common.clh", common_clh),
    SOURCE("integrand.clh", integrand_clh),
    SOURCE("rates.clh", rates_clh),
    SOURCE("newton.clh", newton_clh),
    SOURCE("statistic.clh", statistic_clh),
    SOURCE("poisson.clh", poisson_clh),
    SOURCE("gaussian.clh", gaussian_clh),
    SOURCE("chains.clh", chains_clh),
    SOURCE("pulled_rates.clh", pulled_rates_clh),
    SOURCE("rates.cl", rates_cl),
    SOURCE("profile.cl", profile_cl),
    SOURCE("pointwise.cl", pointwise_cl),
    SOURCE("pulled_rates.cl", pulled_rates_cl),
    SOURCE("joint.clh", joint_clh),
    SOURCE("joint_curvature.clh", joint_curvature_clh),
    SOURCE("joint_step.clh", joint_step_clh),
    SOURCE("joint_newton.clh", joint_newton_clh),
    SOURCE("joint_bracket.clh", joint_bracket_clh),
    SOURCE("joint_search.clh", joint_search_clh),
    SOURCE("toys.clh", toys_clh),
    SOURCE("joint.cl", joint_cl),
    SOURCE("toys.cl", toys_cl),
    SOURCE("peak.cl", peak_cl),
};

const kernel_source_t *kernel_source(int index) {
  return index >= 0 && index < (int)(sizeof sources / sizeof *sources) ? &sources[index] : NULL;
}
