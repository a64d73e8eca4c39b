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

rust::Str own_prefix() noexcept {
    return compat::OWN_PREFIX;
}

rust::Str runtime_prefix() noexcept {
    return compat::RUNTIME_PREFIX;
}

rust::Str roudi_socket_name() noexcept {
    return iox::roudi::IPC_CHANNEL_ROUDI_NAME;
}

rust::Str roudi_lock_name() noexcept {
    return iox::roudi::ROUDI_LOCK_NAME;
}

rust::Str foreign_roudi_socket_name() noexcept {
    return compat::FOREIGN_ROUDI;
}

rust::Str foreign_releases() noexcept {
    return compat::FOREIGN_RELEASES;
}

std::uint64_t max_publisher_history() noexcept {
    return iox::MAX_PUBLISHER_HISTORY;
}

std::uint64_t max_subscriber_queue() noexcept {
    return iox::MAX_SUBSCRIBER_QUEUE_CAPACITY;
}

} // namespace iox_bridge
