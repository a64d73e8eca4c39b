#include "iox_bridge/handshake.hpp"

#include "cpp-shim/src/handshake.rs.h"
#include "iox_bridge/text.hpp"

#include "iceoryx_posh/internal/runtime/ipc_interface_base.hpp"
#include "iceoryx_posh/version/version_info.hpp"

#include <linux/sockios.h>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

namespace iox_bridge {

namespace {

using iox::runtime::IpcMessage;
using iox::runtime::IpcMessageType;
using iox::runtime::IpcMessageTypeToString;

rust::String text_of(const std::string& text) noexcept {
    return rust::String::lossy(text);
}

} // namespace

rust::String registration(const rust::Str name, const std::int64_t timestamp) noexcept {
    IpcMessage message;
    message << IpcMessageTypeToString(IpcMessageType::REG) << fixed_text<iox::RuntimeName_t>(name)
            << std::to_string(getpid()) << std::to_string(geteuid()) << std::to_string(timestamp)
            << static_cast<compat::Serialization>(iox::version::VersionInfo::getCurrentVersion()).toString();
    return text_of(message.getMessage());
}

rust::String farewell(const rust::Str name) noexcept {
    IpcMessage message;
    message << IpcMessageTypeToString(IpcMessageType::TERMINATION) << fixed_text<iox::RuntimeName_t>(name);
    return text_of(message.getMessage());
}

rust::String registered() noexcept {
    return text_of(IpcMessageTypeToString(IpcMessageType::REG_ACK));
}

rust::String forgotten() noexcept {
    return text_of(IpcMessageTypeToString(IpcMessageType::TERMINATION_ACK));
}

std::int32_t unread(const std::int32_t socket) noexcept {
    int bytes = 0;
    return ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : -1;
}

} // namespace iox_bridge
