// What the library uses of classic 2.95, declared and nothing more: enough for a compiler to check the library, which
// then cannot be linked. No package of 2.95 can be had where the library is built, so this stands in for its headers.
//
// Written from its public repository, eclipse-iceoryx/iceoryx, and compared in everything that is used with the headers
// of the tag v2.95.8, as installed by its own build; each section names the file that its facts were read in.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <string>

// iceoryx_versions.hpp as installed .
#define ICEORYX_LATEST_RELEASE_VERSION "2.95.8"

namespace iox {

// iceoryx_hoofs/vocabulary/include/iox/string.hpp; the conversion to std::string that IpcMessage needs is there too.
struct TruncateToCapacity_t {};
constexpr TruncateToCapacity_t TruncateToCapacity{};

template <std::uint64_t Capacity> class string {
  public:
    string() noexcept;
    template <int N> string(const char (&text)[N]) noexcept;
    string(TruncateToCapacity_t, const char* text, std::uint64_t length) noexcept;
    const char* c_str() const noexcept;
};

// iceoryx_hoofs/vocabulary/include/iox/expected.hpp: value first, error second; error() in place of get_error().
template <typename Value, typename Error> class expected {
  public:
    bool has_error() const noexcept;
    Value& value() noexcept;
    const Value& value() const noexcept;
    Error& error() noexcept;
    const Error& error() const noexcept;
};

// iceoryx_hoofs/utility/.../iox/detail/serialization.hpp.
class Serialization {
  public:
    std::string toString() const noexcept;
};

// iceoryx_hoofs/memory/include/iox/relative_pointer.hpp; an address in no segment has id 0 (pointer_repository.hpp).
template <typename T> class RelativePointer final {
  public:
    static std::uint64_t searchId(T* pointer) noexcept;
};
using UntypedRelativePointer = RelativePointer<void>;

// iceoryx_hoofs/posix/auth/include/iox/posix_group.hpp.
class PosixGroup {
  public:
    using groupName_t = string<16>;
    groupName_t getName() const noexcept;
    static PosixGroup getGroupOfCurrentProcess() noexcept;
};

namespace units {
// iceoryx_hoofs/time/include/iox/duration.hpp.
class Duration {
  public:
    template <typename T> static constexpr Duration fromSeconds(T value) noexcept;
};
template <typename T> constexpr Duration Duration::fromSeconds(T) noexcept {
    return {};
}
} // namespace units

namespace log {
// iceoryx_hoofs/primitives/include/iox/iceoryx_hoofs_types.hpp and iox/log/building_blocks/logger.hpp.
enum class LogLevel : std::uint8_t { Off, Fatal, Error, Warn, Info, Debug, Trace };
class Logger {
  public:
    static void setLogLevel(LogLevel level) noexcept;
};
} // namespace log

// iceoryx_hoofs/.../iox/static_lifetime_guard.hpp and polymorphic_handler.hpp.
template <typename T> class StaticLifetimeGuard {
  public:
    StaticLifetimeGuard() noexcept;
};
template <typename Interface, typename Default> class PolymorphicHandler {
  public:
    template <typename Handler> static bool set(StaticLifetimeGuard<Handler>) noexcept {
        static_cast<void>(sizeof(Handler{}));
        static_assert(std::is_base_of<Interface, Handler>::value, "a handler has the interface");
        return true;
    }
};

namespace er {
// iceoryx_hoofs/reporting/include/iox/error_reporting/types.hpp.
struct ErrorCode {
    using type = std::uint32_t;
    type value;
};
struct ModuleId {
    std::uint32_t value;
    bool operator==(const ModuleId& other) const;
};
// .../custom/default/error_handler_interface.hpp; the location is left out, it is not used.
struct ErrorDescriptor {
    ErrorCode code;
    ModuleId module;
};
class ErrorHandlerInterface {
  public:
    virtual ~ErrorHandlerInterface() = default;
    virtual void onPanic() = 0;
    virtual void onReportError(ErrorDescriptor description) = 0;
    virtual void onReportViolation(ErrorDescriptor description) = 0;
};
// .../custom/default/error_handler.hpp.
class DefaultErrorHandler;
using ErrorHandler = PolymorphicHandler<ErrorHandlerInterface, DefaultErrorHandler>;
} // namespace er

// iceoryx_posh/internal/posh_error_reporting.hpp and iox/detail/hoofs_error_reporting.hpp.
enum class PoshError : er::ErrorCode::type {};
enum class HoofsError : er::ErrorCode::type {};
const char* asStringLiteral(PoshError error) noexcept;
const char* asStringLiteral(HoofsError error) noexcept;
class PoshErrorType {
  public:
    static constexpr er::ModuleId module() { return {1}; }
};
class HoofsErrorType {
  public:
    static constexpr er::ModuleId module() { return {2}; }
};

// iceoryx_platform/linux/include/iceoryx_platform/platform_settings.hpp.
namespace platform {
constexpr const char IOX_UDS_SOCKET_PATH_PREFIX[] = "/tmp/";
constexpr const char IOX_LOCK_FILE_PATH_PREFIX[] = "/tmp/";
} // namespace platform

// iceoryx_posh/include/iceoryx_posh/iceoryx_posh_types.hpp.
constexpr std::uint64_t MAX_PUBLISHER_HISTORY = 16;
constexpr std::uint32_t MAX_NUMBER_OF_NOTIFIERS = 256;
constexpr std::uint32_t MAX_SUBSCRIBER_QUEUE_CAPACITY = 256;
using RuntimeName_t = string<87>;
using NodeName_t = string<87>;
class DomainId {
  public:
    explicit constexpr DomainId(std::uint16_t) noexcept {}
};
constexpr DomainId DEFAULT_DOMAIN_ID{0};
enum class ResourceType { ICEORYX_DEFINED, USER_DEFINED };
string<13> iceoryxResourcePrefix(const DomainId domain, const ResourceType type) noexcept;
enum class SubscribeState : std::uint32_t {
    NOT_SUBSCRIBED = 0,
    SUBSCRIBE_REQUESTED,
    SUBSCRIBED,
    UNSUBSCRIBE_REQUESTED,
    WAIT_FOR_OFFER
};
namespace roudi {
constexpr const char ROUDI_LOCK_NAME[] = "unique_roudi";
constexpr const char IPC_CHANNEL_ROUDI_NAME[] = "roudi";
enum class MonitoringMode { ON, OFF };
} // namespace roudi

// iceoryx_posh/include/iceoryx_posh/capro/service_description.hpp.
namespace capro {
using IdString_t = string<100>;
class ServiceDescription {
  public:
    ServiceDescription(const IdString_t& service, const IdString_t& instance, const IdString_t& event) noexcept;
};
} // namespace capro

namespace popo {
// iceoryx_posh/source/popo/building_blocks/unique_port_id.cpp and its header: convertible, explicitly, to its number.
class UniquePortId {
  public:
    explicit operator std::uint64_t() const noexcept;
};
} // namespace popo

namespace mepoo {
// .../mepoo/chunk_header.hpp: sizes of 64 bits (the user header's of 32).
class ChunkHeader {
  public:
    void* userPayload() const noexcept;
    void* userHeader() noexcept;
    const void* userHeader() const noexcept;
    std::uint64_t chunkSize() const noexcept;
    std::uint64_t userPayloadSize() const noexcept;
    std::uint32_t userPayloadAlignment() const noexcept;
    std::uint32_t userHeaderSize() const noexcept;
    popo::UniquePortId originId() const noexcept;
    std::uint64_t sequenceNumber() const noexcept;
};
// .../mepoo/chunk_settings.hpp.
class ChunkSettings {
  public:
    enum class Error {};
    static expected<ChunkSettings, Error> create(std::uint64_t size, std::uint32_t alignment, std::uint32_t header_size,
                                                 std::uint32_t header_alignment) noexcept;
    std::uint64_t requiredChunkSize() const noexcept;
};
// .../mepoo/mepoo_config.hpp and segment_config.hpp; as in 2.0 but for the size of 64 bits.
struct MePooConfig {
    struct Entry {
        std::uint64_t m_size;
        std::uint32_t m_chunkCount;
    };
    void addMemPool(Entry entry) noexcept;
};
struct SegmentConfig {
    struct Segments {
        bool emplace_back(const PosixGroup::groupName_t& reader, const PosixGroup::groupName_t& writer,
                          const MePooConfig& pools) noexcept;
    };
    Segments m_sharedMemorySegments;
};
} // namespace mepoo

namespace popo {
// .../popo/building_blocks/chunk_sender.hpp and chunk_receiver.hpp; as in 2.0.
enum class AllocationError {
    UNDEFINED_ERROR,
    NO_MEMPOOLS_AVAILABLE,
    RUNNING_OUT_OF_CHUNKS,
    TOO_MANY_CHUNKS_ALLOCATED_IN_PARALLEL,
    INVALID_PARAMETER_FOR_USER_PAYLOAD_OR_USER_HEADER,
    INVALID_PARAMETER_FOR_REQUEST_HEADER,
};
enum class ChunkReceiveResult { TOO_MANY_CHUNKS_HELD_IN_PARALLEL, NO_CHUNK_AVAILABLE };
// .../popo/building_blocks/chunk_distributor.hpp.
template <typename Data> class ChunkDistributor {
  public:
    explicit ChunkDistributor(Data* data) noexcept;
    void removeAllQueues() noexcept;
};
// .../popo/port_queue_policies.hpp, publisher_options.hpp, subscriber_options.hpp; as in 2.0.
enum class ConsumerTooSlowPolicy : std::uint8_t { WAIT_FOR_CONSUMER, DISCARD_OLDEST_DATA };
enum class QueueFullPolicy : std::uint8_t { BLOCK_PRODUCER, DISCARD_OLDEST_DATA };
struct PublisherOptions {
    std::uint64_t historyCapacity;
    NodeName_t nodeName;
    ConsumerTooSlowPolicy subscriberTooSlowPolicy;
};
struct SubscriberOptions {
    std::uint64_t queueCapacity;
    std::uint64_t historyRequest;
    NodeName_t nodeName;
    QueueFullPolicy queueFullPolicy;
};
// .../popo/ports/publisher_port_data.hpp: concurrent::Atomic<bool>, which loads as std::atomic does.
struct PublisherPortData {
    struct ChunkDistributorData_t {};
    struct ChunkSenderData_t : ChunkDistributorData_t {};
    ChunkSenderData_t m_chunkSenderData;
    std::atomic<bool> m_offeringRequested;
    std::atomic<bool> m_offered;
};
// .../popo/building_blocks/locking_policy.hpp and pub_sub_port_types.hpp: the queue has ThreadSafePolicy.
struct ThreadSafePolicy {
    void lock() const noexcept;
    void unlock() const noexcept;
    bool tryLock() const noexcept;
};
// .../popo/building_blocks/condition_variable_data.hpp and condition_listener.hpp.
struct ConditionVariableData {};
class ConditionListener {
  public:
    struct NotificationVector_t {
        bool empty() const noexcept;
        const std::uint8_t* begin() const noexcept;
        const std::uint8_t* end() const noexcept;
    };
    explicit ConditionListener(ConditionVariableData& condVarData) noexcept;
    void destroy() volatile noexcept;
    NotificationVector_t wait() noexcept;
};
struct SubscriberPortData {
    struct ChunkReceiverData_t : ThreadSafePolicy {};
    ChunkReceiverData_t m_chunkReceiverData;
    std::atomic<bool> m_subscribeRequested;
};
// .../popo/ports/base_port.hpp, publisher_port_user.hpp and subscriber_port_user.hpp. The pointer is wrapped in
// not_null, which converts.
class BasePort {
  public:
    UniquePortId getUniqueID() const noexcept;
    void destroy() noexcept;
};
class PublisherPortUser : public BasePort {
  public:
    explicit PublisherPortUser(PublisherPortData* data) noexcept;
    expected<mepoo::ChunkHeader*, AllocationError> tryAllocateChunk(std::uint64_t size, std::uint32_t alignment,
                                                                    std::uint32_t header_size,
                                                                    std::uint32_t header_alignment) noexcept;
    void releaseChunk(mepoo::ChunkHeader* chunk) noexcept;
    void sendChunk(mepoo::ChunkHeader* chunk) noexcept;
    void offer() noexcept;
    void stopOffer() noexcept;
    bool hasSubscribers() const noexcept;
};
class SubscriberPortUser : public BasePort {
  public:
    explicit SubscriberPortUser(SubscriberPortData* data) noexcept;
    void unsubscribe() noexcept;
    SubscribeState getSubscriptionState() const noexcept;
    expected<const mepoo::ChunkHeader*, ChunkReceiveResult> tryGetChunk() noexcept;
    void releaseChunk(const mepoo::ChunkHeader* chunk) noexcept;
    bool hasNewChunks() const noexcept;
    bool hasLostChunksSinceLastCall() noexcept;
    void setConditionVariable(ConditionVariableData& conditionVariableData, std::uint64_t notificationIndex) noexcept;
    void unsetConditionVariable() noexcept;
};
} // namespace popo

namespace runtime {
// .../internal/runtime/ipc_interface_base.hpp and ipc_message.hpp.
enum class IpcMessageType : std::int32_t { REG, REG_ACK, TERMINATION, TERMINATION_ACK };
std::string IpcMessageTypeToString(IpcMessageType type) noexcept;
IpcMessageType stringToIpcMessageType(const char* text) noexcept;
class IpcMessage {
  public:
    template <typename T> IpcMessage& operator<<(const T& entry) noexcept {
        static_cast<void>(entry);
        return *this;
    }
    std::uint32_t getNumberOfElements() const noexcept;
    std::string getElementAtIndex(std::uint32_t index) const noexcept;
    std::string getMessage() const noexcept;
};
// .../runtime/posh_runtime.hpp.
class PoshRuntime {
  public:
    static PoshRuntime& getInstance() noexcept;
    static PoshRuntime& initRuntime(const RuntimeName_t& name) noexcept;
    RuntimeName_t getInstanceName() const noexcept;
    virtual popo::PublisherPortData* getMiddlewarePublisher(const capro::ServiceDescription& service,
                                                            const popo::PublisherOptions& options) noexcept = 0;
    virtual popo::SubscriberPortData* getMiddlewareSubscriber(const capro::ServiceDescription& service,
                                                              const popo::SubscriberOptions& options) noexcept = 0;
    virtual popo::ConditionVariableData* getMiddlewareConditionVariable() noexcept = 0;
    virtual bool sendRequestToRouDi(const IpcMessage& message, IpcMessage& answer) noexcept = 0;
    virtual ~PoshRuntime() noexcept = default;
};
} // namespace runtime

// .../version/version_info.hpp.
namespace version {
class VersionInfo {
  public:
    operator Serialization() const noexcept;
    static VersionInfo getCurrentVersion() noexcept;
};
} // namespace version

// .../roudi/roudi_config.hpp and iceoryx_posh_config.hpp: IceoryxConfig in place of RouDiConfig_t and the command line.
namespace config {
struct RouDiConfig {
    roudi::MonitoringMode monitoringMode{roudi::MonitoringMode::OFF};
    units::Duration processKillDelay;
};
} // namespace config
struct IceoryxConfig : public mepoo::SegmentConfig, public config::RouDiConfig {};

// .../roudi/iceoryx_roudi_app.hpp.
namespace roudi {
class IceOryxRouDiApp {
  public:
    explicit IceOryxRouDiApp(const IceoryxConfig& config) noexcept;
    std::uint8_t run() noexcept;
};
} // namespace roudi

} // namespace iox
