#include "iox_bridge/runtime.hpp"

#include "cpp-shim/src/runtime.rs.h"
#include "iox_bridge/text.hpp"

#include "iceoryx_posh/runtime/posh_runtime.hpp"

namespace iox_bridge {

void init_runtime(const rust::Str name) noexcept {
    iox::runtime::PoshRuntime::initRuntime(fixed_text<iox::RuntimeName_t>(name));
}

void shutdown_runtime() noexcept {
    iox::runtime::PoshRuntime::getInstance().shutdown();
}

} // namespace iox_bridge
