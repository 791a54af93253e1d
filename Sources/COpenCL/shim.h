#pragma once
#define CL_TARGET_OPENCL_VERSION 300
// clCreateCommandQueue: the only way to make a queue that OpenCL 1.2 drivers and checkers know
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <CL/cl_ext.h>
