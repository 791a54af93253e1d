// The calls of the program: each goes to the driver unless it has a fault.
#include "layer.h"

#include <pthread.h>

// MARK: - Events that failed

enum { most_failed = 4096 };
static cl_event failed[most_failed];
static int failed_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool has_failed(cl_event event) {
  bool found = false;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < failed_count; i++) found |= failed[i] == event;
  pthread_mutex_unlock(&lock);
  return found;
}

static bool any_failed(cl_uint count, const cl_event *events) {
  for (cl_uint i = 0; i < count; i++)
    if (has_failed(events[i])) return true;
  return false;
}

static void add_failed(cl_event event) {
  pthread_mutex_lock(&lock);
  if (failed_count < most_failed) failed[failed_count++] = event;
  pthread_mutex_unlock(&lock);
}

static void forget(cl_event event) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < failed_count; i++)
    if (failed[i] == event) failed[i] = failed[--failed_count];
  pthread_mutex_unlock(&lock);
}

// A command in place of one that fails: ends at once, and its event counts as failed.
static cl_int enqueue_failing(cl_command_queue queue, bool blocking, cl_event *event) {
  if (blocking) return CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST;
  cl_event own = NULL;
  cl_int code = target->clEnqueueMarkerWithWaitList(queue, 0, NULL, &own);
  if (code != CL_SUCCESS) return code;
  if (event == NULL) return target->clReleaseEvent(own);
  add_failed(own);
  *event = own;
  return CL_SUCCESS;
}

static bool fails(struct fault fault, cl_uint count, const cl_event *events) {
  return fault.effect == fails_later || any_failed(count, events);
}

// MARK: - Calls of one pattern

// A call that returns a code and nothing else.
#define CODE_CALL(name, parameters, arguments)                                                                       \
  static cl_int CL_API_CALL my_##name parameters {                                                                   \
    struct fault fault = next_fault(entry_##name);                                                                   \
    if (fault.effect == returns_code) return fault.code;                                                             \
    if (fault.effect == returns_nothing) return CL_SUCCESS;                                                          \
    return target->name arguments;                                                                                   \
  }

// A call that returns an object, or NULL and a code.
#define CREATING_CALL(type, name, parameters, arguments)                                                             \
  static type CL_API_CALL my_##name parameters {                                                                     \
    struct fault fault = next_fault(entry_##name);                                                                   \
    if (fault.effect == returns_code || fault.effect == returns_nothing) {                                           \
      if (code_ret != NULL) *code_ret = fault.code;                                                                  \
      return NULL;                                                                                                   \
    }                                                                                                                \
    return target->name arguments;                                                                                   \
  }

// A call that fills `value` or tells its length.
#define QUERY(name, driver, parameters, arguments)                                                                   \
  static cl_int CL_API_CALL my_##name parameters {                                                                   \
    struct fault fault = next_fault(entry_##name);                                                                   \
    if (fault.effect == returns_code) return fault.code;                                                             \
    if (fault.effect == returns_nothing) return CL_SUCCESS;                                                          \
    cl_int code = driver arguments;                                                                                  \
    if (fault.effect == says_empty && size_ret != NULL) *size_ret = 0;                                               \
    if (fault.effect == says_huge && size_ret != NULL) *size_ret = (size_t)1 << 40;                                  \
    if (fault.effect == says_empty && value != NULL) memset(value, 0, size);                                         \
    if (fault.effect == says_huge && value != NULL && size == 8) memset(value, 0x7f, size);                          \
    if (fault.effect == gives_garbage && value != NULL) memset(value, 0xa5, size);                                   \
    return code;                                                                                                     \
  }

// Ids by a list and its length.
#define LISTING(name, parameters, arguments)                                                                         \
  static cl_int CL_API_CALL my_##name parameters {                                                                   \
    struct fault fault = next_fault(entry_##name);                                                                   \
    if (fault.effect == returns_code) return fault.code;                                                             \
    if (fault.effect == returns_nothing) return CL_SUCCESS;                                                          \
    cl_int code = target->name arguments;                                                                            \
    if (fault.effect == says_empty && count_ret != NULL) *count_ret = 0;                                             \
    if (fault.effect == says_huge && count_ret != NULL) *count_ret = 0xffffffff;                                     \
    return code;                                                                                                     \
  }

// MARK: - Every call

LISTING(clGetPlatformIDs, (cl_uint count, cl_platform_id *ids, cl_uint *count_ret), (count, ids, count_ret))
LISTING(
  clGetDeviceIDs,
  (cl_platform_id platform, cl_device_type type, cl_uint count, cl_device_id *ids, cl_uint *count_ret),
  (platform, type, count, ids, count_ret))
QUERY(
  clGetPlatformInfo, target->clGetPlatformInfo,
  (cl_platform_id platform, cl_platform_info name, size_t size, void *value, size_t *size_ret),
  (platform, name, size, value, size_ret))
QUERY(
  clGetDeviceInfo, target->clGetDeviceInfo, (cl_device_id device, cl_device_info name, size_t size, void *value, size_t *size_ret),
  (device, name, size, value, size_ret))
CREATING_CALL(
  cl_context, clCreateContext,
  (const cl_context_properties *properties, cl_uint count, const cl_device_id *devices,
   void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *user, cl_int *code_ret),
  (properties, count, devices, notify, user, code_ret))
CODE_CALL(clReleaseContext, (cl_context context), (context))
CREATING_CALL(
  cl_command_queue, clCreateCommandQueue,
  (cl_context context, cl_device_id device, cl_command_queue_properties properties, cl_int *code_ret),
  (context, device, properties, code_ret))
CODE_CALL(clReleaseCommandQueue, (cl_command_queue queue), (queue))
CREATING_CALL(
  cl_mem, clCreateBuffer, (cl_context context, cl_mem_flags flags, size_t size, void *host, cl_int *code_ret),
  (context, flags, size, host, code_ret))
CODE_CALL(clReleaseMemObject, (cl_mem buffer), (buffer))
CREATING_CALL(
  cl_program, clCreateProgramWithSource,
  (cl_context context, cl_uint count, const char **texts, const size_t *lengths, cl_int *code_ret),
  (context, count, texts, lengths, code_ret))
CREATING_CALL(
  cl_program, clCreateProgramWithBinary,
  (cl_context context, cl_uint count, const cl_device_id *devices, const size_t *lengths, const unsigned char **binaries,
   cl_int *status, cl_int *code_ret),
  (context, count, devices, lengths, binaries, status, code_ret))
QUERY(
  clGetProgramInfo, target->clGetProgramInfo, (cl_program program, cl_program_info name, size_t size, void *value, size_t *size_ret),
  (program, name, size, value, size_ret))
CODE_CALL(clReleaseProgram, (cl_program program), (program))
CREATING_CALL(
  cl_kernel, clCreateKernel, (cl_program program, const char *name, cl_int *code_ret), (program, name, code_ret))
QUERY(
  clGetKernelWorkGroupInfo, target->clGetKernelWorkGroupInfo,
  (cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info name, size_t size, void *value, size_t *size_ret),
  (kernel, device, name, size, value, size_ret))
CODE_CALL(
  clSetKernelArg, (cl_kernel kernel, cl_uint index, size_t size, const void *value), (kernel, index, size, value))
CODE_CALL(clReleaseKernel, (cl_kernel kernel), (kernel))
QUERY(
  clGetEventProfilingInfo, target->clGetEventProfilingInfo, (cl_event event, cl_profiling_info name, size_t size, void *value, size_t *size_ret),
  (event, name, size, value, size_ret))
CODE_CALL(clFlush, (cl_command_queue queue), (queue))
CODE_CALL(clFinish, (cl_command_queue queue), (queue))

// MARK: - Builds

static const char injected_log[] = "line 1: note: from the fault layer\nline 2: error: injected failure\n";
static cl_program failing_program;

static cl_int CL_API_CALL my_clBuildProgram(
  cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
  void(CL_CALLBACK *notify)(cl_program, void *), void *user) {
  struct fault fault = next_fault(entry_clBuildProgram);
  if (fault.effect == gives_log) failing_program = program;
  if (fault.effect == returns_code || fault.effect == gives_log) return fault.code;
  return target->clBuildProgram(program, count, devices, options, notify, user);
}

static cl_int driver_build_info(
  cl_program program, cl_device_id device, cl_program_build_info name, size_t size, void *value, size_t *size_ret) {
  if (program != failing_program || name != CL_PROGRAM_BUILD_LOG)
    return target->clGetProgramBuildInfo(program, device, name, size, value, size_ret);
  if (value != NULL && size < sizeof injected_log) return CL_INVALID_VALUE;
  if (value != NULL) memcpy(value, injected_log, sizeof injected_log);
  if (size_ret != NULL) *size_ret = sizeof injected_log;
  return CL_SUCCESS;
}

QUERY(
  clGetProgramBuildInfo, driver_build_info,
  (cl_program program, cl_device_id device, cl_program_build_info name, size_t size, void *value, size_t *size_ret),
  (program, device, name, size, value, size_ret))

// MARK: - Commands and events

// Parameters that end every command.
#define EVENTS cl_uint count, const cl_event *events, cl_event *event

// What comes before the work of a command; a command without an event cannot fail later than now.
#define BEGIN_COMMAND(name, blocking)                                                                                \
  struct fault fault = next_fault(entry_##name);                                                                     \
  if (fault.effect == returns_code) return fault.code;                                                               \
  if (fault.effect == returns_nothing) return CL_SUCCESS;                                                            \
  if (fails(fault, count, events)) return enqueue_failing(queue, blocking, event);

static cl_int CL_API_CALL my_clEnqueueReadBuffer(
  cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, void *host, EVENTS) {
  BEGIN_COMMAND(clEnqueueReadBuffer, blocking)
  bool garbage = fault.effect == gives_garbage;
  cl_int code =
    target->clEnqueueReadBuffer(queue, buffer, blocking || garbage, offset, size, host, count, events, event);
  if (garbage) memset(host, 0xff, size);
  return code;
}

static cl_int CL_API_CALL my_clEnqueueWriteBuffer(
  cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, const void *host, EVENTS) {
  BEGIN_COMMAND(clEnqueueWriteBuffer, blocking)
  return target->clEnqueueWriteBuffer(queue, buffer, blocking, offset, size, host, count, events, event);
}

static void *CL_API_CALL my_clEnqueueMapBuffer(
  cl_command_queue queue, cl_mem buffer, cl_bool blocking, cl_map_flags flags, size_t offset, size_t size, EVENTS,
  cl_int *code_ret) {
  struct fault fault = next_fault(entry_clEnqueueMapBuffer);
  if (fault.effect == no_fault)
    return target->clEnqueueMapBuffer(
      queue, buffer, blocking, flags, offset, size, count, events, event, code_ret);
  if (code_ret != NULL)
    *code_ret = fault.effect == fails_later ? CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST : fault.code;
  return NULL;
}

static cl_int CL_API_CALL my_clEnqueueUnmapMemObject(cl_command_queue queue, cl_mem buffer, void *host, EVENTS) {
  BEGIN_COMMAND(clEnqueueUnmapMemObject, false)
  return target->clEnqueueUnmapMemObject(queue, buffer, host, count, events, event);
}

static cl_int CL_API_CALL my_clEnqueueNDRangeKernel(
  cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *offset, const size_t *global,
  const size_t *local, EVENTS) {
  BEGIN_COMMAND(clEnqueueNDRangeKernel, false)
  return target->clEnqueueNDRangeKernel(queue, kernel, dimensions, offset, global, local, count, events, event);
}

static cl_int CL_API_CALL my_clWaitForEvents(cl_uint count, const cl_event *events) {
  struct fault fault = next_fault(entry_clWaitForEvents);
  if (fault.effect == returns_code) return fault.code;
  cl_int code = target->clWaitForEvents(count, events);
  return any_failed(count, events) ? CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST : code;
}

static cl_int CL_API_CALL
my_clGetEventInfo(cl_event event, cl_event_info name, size_t size, void *value, size_t *size_ret) {
  struct fault fault = next_fault(entry_clGetEventInfo);
  if (fault.effect == returns_code) return fault.code;
  if (fault.effect == returns_nothing) return CL_SUCCESS;
  cl_int code = target->clGetEventInfo(event, name, size, value, size_ret);
  if (name == CL_EVENT_COMMAND_EXECUTION_STATUS && value != NULL && has_failed(event))
    *(cl_int *)value = CL_OUT_OF_RESOURCES;
  if (fault.effect == gives_garbage && value != NULL) memset(value, 0xa5, size);
  return code;
}

static cl_int CL_API_CALL my_clReleaseEvent(cl_event event) {
  struct fault fault = next_fault(entry_clReleaseEvent);
  if (fault.effect == returns_code) return fault.code;
  forget(event);
  return target->clReleaseEvent(event);
}

void install(cl_icd_dispatch *dispatch) {
#define ENTRY(name) dispatch->name = my_##name;
#include "entries.h"
#undef ENTRY
}
