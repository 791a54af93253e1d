#pragma once
// Nothing to call: what this target defines replaces symbols of libraries when the node kit is linked.
