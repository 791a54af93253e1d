#pragma once
#define CL_TARGET_OPENCL_VERSION 300
#define CL_USE_DEPRECATED_OPENCL_1_0_APIS
#define CL_USE_DEPRECATED_OPENCL_1_1_APIS
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>
#include <CL/cl_icd.h>
#include <CL/cl_layer.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
#define ENTRY(name) entry_##name,
#include "entries.h"
#undef ENTRY
  entry_count
};

// What a call shall do in place of its work.
enum effect { no_fault, returns_code, returns_nothing, fails_later, says_empty, says_huge, gives_garbage, gives_log };
struct fault {
  enum effect effect;
  cl_int code;
};

// What the driver offers.
extern const cl_icd_dispatch *target;

// Counts a call; returns what is wrong with it.
struct fault next_fault(int entry);

// Puts the calls of this layer into a table.
void install(cl_icd_dispatch *dispatch);
