// Publishes MarketTick.
#include "publish.hpp"
#include "topics.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-tick-publisher";
    defaults.service = "Market";
    defaults.instance = "Shanghai";
    defaults.event = "Tick";
    return publishTopic<MarketTick>(parseOptions(argc, argv, defaults));
}
