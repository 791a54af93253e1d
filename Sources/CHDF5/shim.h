#pragma once
#include <hdf5.h>

// Handles that HDF5 defines as macro expressions, which Swift cannot import.
static inline hid_t chdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_ieee_f64le(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_std_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline size_t chdf5_variable_length(void) { return H5T_VARIABLE; }
static inline hid_t chdf5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_all(void) { return H5S_ALL; }

// Errors are reported by the caller: the library's own stack goes nowhere (per thread).
// Every file is closed by hand, so the library needs no work at exit; after a failed write (full disk) its own clean-up
// would write again and crash. Only the first call, before anything else of the library, has this effect.
static inline herr_t chdf5_silence(void) {
  H5dont_atexit();
  return H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}
