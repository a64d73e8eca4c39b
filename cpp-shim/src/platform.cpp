#include "iox_bridge/platform.hpp"

#include "iox_bridge/compat.hpp"

namespace iox_bridge {

rust::Str linked_release() noexcept {
    return ICEORYX_LATEST_RELEASE_VERSION;
}

rust::Str socket_prefix() noexcept {
    return iox::platform::IOX_UDS_SOCKET_PATH_PREFIX;
}

rust::Str lock_prefix() noexcept {
    return iox::platform::IOX_LOCK_FILE_PATH_PREFIX;
}

rust::Str line() noexcept {
    return compat::LINE;
}

rust::String own_prefix() noexcept {
    return compat::own_prefix();
}

rust::String runtime_prefix() noexcept {
    return compat::runtime_prefix();
}

rust::Str roudi_socket_name() noexcept {
    return iox::roudi::IPC_CHANNEL_ROUDI_NAME;
}

rust::Str roudi_lock_name() noexcept {
    return iox::roudi::ROUDI_LOCK_NAME;
}

std::uint64_t max_publisher_history() noexcept {
    return iox::MAX_PUBLISHER_HISTORY;
}

std::uint64_t max_subscriber_queue() noexcept {
    return iox::MAX_SUBSCRIBER_QUEUE_CAPACITY;
}

} // namespace iox_bridge
