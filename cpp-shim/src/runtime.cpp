#include "iox_bridge/runtime.hpp"

#include "cpp-shim/src/runtime.rs.h"
#include "iox_bridge/text.hpp"

#include "iceoryx_posh/runtime/posh_runtime.hpp"

#include <unistd.h>

namespace iox_bridge {

void init_runtime(const rust::Str name) noexcept {
    iox::runtime::PoshRuntime::initRuntime(fixed_text<iox::RuntimeName_t>(name));
}

bool leave_roudi() noexcept {
    using namespace iox::runtime;
    auto& runtime = PoshRuntime::getInstance();
    IpcMessage farewell;
    farewell << IpcMessageTypeToString(IpcMessageType::TERMINATION) << runtime.getInstanceName();
    IpcMessage answer;
    return runtime.sendRequestToRouDi(farewell, answer) && answer.getNumberOfElements() == 1U &&
           stringToIpcMessageType(answer.getElementAtIndex(0U).c_str()) == IpcMessageType::TERMINATION_ACK;
}

void exit_now(const std::int32_t code) noexcept {
    _exit(code);
}

} // namespace iox_bridge
