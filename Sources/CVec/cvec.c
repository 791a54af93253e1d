#include "cvec.h"
