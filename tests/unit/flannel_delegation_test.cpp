// SPDX-License-Identifier: Apache-2.0
// What flannel's commands do with the delegate and with the stored confs.
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "libcni/base/platform.hpp"
#include "libcni/error.hpp"
#include "libcni/files.hpp"
#include "libcni/log.hpp"
#include "plugins/flannel/flannel.hpp"
#include "plugins/flannel/stored_confs.hpp"
#include "tests/unit/scratch.hpp"
#include "tests/unit/subnet_env_texts.hpp"
#include "tests/unit/thrown.hpp"

using flannel::Flannel;
using flannel::StoredConfs;
using libcni::Command;
using libcni::Error;
using libcni::ErrorCode;
using libcni::Request;
using libcni::utf8_of;
using nlohmann::json;
using Texts = std::vector<std::string>;

namespace {

const std::string namespace_id = "E0000000-FA4E-4000-A000-000000000001";

/// A node with subnet.env and a delegate that records how it is called.
class Node {
public:
    Node() { write(scratch_.path() / "subnet.env", usual_subnet_env); }

    static void write(const std::filesystem::path& file, const std::string& text) {
        libcni::make_folders(file.parent_path());
        libcni::write_file_durably(file, file.parent_path() / ".new", text);
    }

    /// Container c1's request; `change` is merged into the conf. The delegate's calls of the
    /// commands in `failing` fail.
    Request
    request(Command command, const json& change = {}, const std::string& failing = {}) const {
        json conf{{"cniVersion", "1.1.0"},
                  {"name", "cbr0"},
                  {"type", "flannel"},
                  {"subnetFile", utf8_of(scratch_.path() / "subnet.env")},
                  {"dataDir", utf8_of(stored.folder())},
                  {"delegate", {{"type", "fake_plugin"}}}};
        if (!change.is_null()) conf.merge_patch(change);
        Request request;
        request.command = command;
        request.container_id = "c1";
        request.netns = namespace_id;
        request.interface_name = "eth0";
        request.plugin_path = {WINCNI_FAKE_PLUGIN_FOLDER};
        request.args.text = "DO=fail " + failing + ":" + utf8_of(scratch_.path() / "calls");
        request.conf = libcni::parse_config(conf.dump(), command);
        return request;
    }

    /// "ADD", "DEL", ... of the delegate, in order.
    Texts calls() const {
        Texts commands;
        for (const std::string& line : lines())
            commands.push_back(line.substr(0, line.find(' ')));
        return commands;
    }

    /// The delegate's last call, the command and the conf as it was given.
    std::string last_line() const { return lines().back(); }

    /// The conf that the delegate's last call was given.
    json last_conf() const {
        const std::string line = last_line();
        return json::parse(line.substr(line.find(' ') + 1));
    }

    std::string text_of(const std::string& sandbox) const {
        return libcni::read_file(stored.file_of(sandbox)).value_or("(nothing)");
    }

private:
    Texts lines() const {
        Texts all;
        std::string text = libcni::read_file(scratch_.path() / "calls").value_or("");
        for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
            all.push_back(text.substr(0, end));
            text.erase(0, end + 1);
        }
        return all;
    }

    Scratch scratch_;

public:
    const StoredConfs stored{scratch_.path() / "data" / "flannel"};
};

const json valid_c2 = json::parse(R"({"cni.dev/valid-attachments": [{"containerID": "c2"}]})");

} // namespace

TEST_CASE("ADD stores the conf that the delegate gets, DEL gives it to it and removes it") {
    const Node node;
    const auto result = Flannel().add(node.request(Command::add));
    CHECK(result.ips.at(0).address.to_string() == "10.0.0.1/8");
    CHECK(node.last_conf().at("ipam").at("subnet") == "10.244.4.0/24");
    CHECK(node.text_of("c1") == node.last_conf().dump());
    // DEL needs nothing of the conf but dataDir, and subnet.env not at all.
    Flannel().del(node.request(Command::del, {{"delegate", 5}, {"subnetFile", "/nowhere"}}));
    CHECK(node.calls() == Texts{"ADD", "DEL"});
    CHECK(node.last_conf().at("ipam").at("subnet") == "10.244.4.0/24");
    CHECK(node.text_of("c1") == "(nothing)");
}

TEST_CASE("DEL without a stored conf removes by what the conf of now and subnet.env tell") {
    const Node node;
    const libcni::log::Captured log;
    Flannel().del(node.request(Command::del));
    CHECK(node.calls() == Texts{"DEL"});
    CHECK(node.last_conf().at("ipam").at("subnet") == "10.244.4.0/24");
    Flannel().del(node.request(Command::del, {{"subnetFile", "/nowhere"}}));
    CHECK(node.calls().size() == 2);
    CHECK(node.last_conf().at("name") == "cbr0");
    // A delegate that never was has taken nothing.
    Flannel().del(node.request(Command::del, {{"delegate", {{"type", "not-installed"}}}}));
    CHECK(node.calls().size() == 2);
    // What the delegate could not remove stays, and is told.
    CHECK(error_of([&] {
              Flannel().del(node.request(Command::del, {}, "DEL"));
              return 0;
          }).code()
          != ErrorCode::invalid_network_config);
}

TEST_CASE("DEL and GC without a stored conf go on without what makes no sense in the conf of now") {
    for (const json& change : {json{{"delegate", {{"name", "x"}}}},
                               json{{"delegate", {{"ipam", json::object()}}}},
                               json{{"delegate", {{"ipMasq", "perhaps"}}}},
                               json{{"subnetFile", 7}},
                               json{{"subnetFile", "a\nb"}},
                               json{{"runtimeConfig", 7}, {"args", 7}, {"dns", 7}}}) {
        CAPTURE(change.dump());
        const Node node;
        const libcni::log::Captured log;
        Flannel().del(node.request(Command::del, change));
        json collecting = change;
        collecting.update(valid_c2);
        Flannel().gc(node.request(Command::gc, collecting));
        CHECK(node.calls() == Texts{"DEL", "GC"});
        CHECK(node.last_conf().at("ipam").at("type") == "host-local");
    }
}

TEST_CASE(
    "Where nothing tells whom to call the default is called, and where the leases are, nobody") {
    const Node node;
    const auto fault = [&](Command command, const json& change) {
        json conf = change;
        if (command == Command::gc) conf.update(valid_c2);
        const Request request = node.request(command, conf);
        const auto call = [&] {
            if (command == Command::gc)
                Flannel().gc(request);
            else
                Flannel().del(request);
            return 0;
        };
        try {
            call();
        } catch (const Error& error) {
            return error.msg();
        } catch (const libcni::BadShape& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    for (const Command command : {Command::del, Command::gc}) {
        for (const json& delegate :
             {json(5), json("x"), json::array(), json{{"type", 7}}, json{{"type", ""}}}) {
            CAPTURE(delegate.dump());
            CHECK(missing_in(fault(command, {{"delegate", delegate}}), {"\"win-bridge\""}) == "");
        }
        for (const json& ipam : {json(5), json("x"), json::array(), json{{"type", 7}}}) {
            CAPTURE(ipam.dump());
            CHECK(missing_in(fault(command, {{"ipam", ipam}}), {"conf.ipam"}) == "");
        }
    }
    CHECK(node.calls().empty());
}

TEST_CASE("GC drops what no DEL can use any more, and tells what it could not read") {
    const Node node;
    for (const std::string broken : {"", "{\"type\": ", "[]", "{\"name\": \"cbr0\"}"}) {
        CAPTURE(broken);
        Node::write(node.stored.file_of("c1"), broken);
        Node::write(node.stored.file_of("c2"), broken);
        Node::write(node.stored.folder() / ".wincni-new-c3", broken);
        Flannel().gc(node.request(Command::gc, valid_c2));
        CHECK(node.text_of("c1") == "(nothing)");
        CHECK(node.text_of("c2") == broken);
        CHECK_FALSE(std::filesystem::exists(node.stored.folder() / ".wincni-new-c3"));
    }
    const std::string other = R"({"type": "win-bridge", "name": "vxlan0"})";
    Node::write(node.stored.file_of("c4"), other);
    Node::write(node.stored.folder() / ".wincni-new-c4", "");
    Flannel().gc(node.request(Command::gc, valid_c2));
    CHECK(node.text_of("c4") == other);
}

TEST_CASE("DEL needs the stored conf, and name and dataDir of the one that it is given") {
    const Node node;
    for (const json& change :
         {json{{"prevResult", {{"cniVersion", "1.2.0"}, {"ips", json::array()}}}},
          json{{"prevResult", {{"ips", {{{"address", "null/32"}}}}}}},
          json{{"timeoutSeconds", "abc"}},
          json{{"timeoutSeconds", -1}},
          json{{"type", 7}},
          json{{"delegate", {{"type", 7}, {"name", 7}, {"ipam", 7}}}},
          json{{"ipam", 7}},
          json{{"subnetFile", 7}},
          json{{"runtimeConfig", 7}},
          json{{"args", 7}},
          json{{"dns", 7}},
          json{{"cni.dev/valid-attachments", 7}}}) {
        CAPTURE(change.dump());
        (void)Flannel().add(node.request(Command::add));
        const json stored = node.last_conf();
        Flannel().del(node.request(Command::del, change));
        CHECK(node.calls().back() == "DEL");
        CHECK(node.last_conf() == stored);
        CHECK(node.text_of("c1") == "(nothing)");
    }
}

TEST_CASE("DEL and CHECK let the delegate log where the conf says now") {
    const Node node;
    const json at_add{{"logFile", "/add"}, {"logLevel", "info"}};
    const json elsewhere{{"logFile", "/now"}, {"logLevel", "debug"}};
    const json own{{"logFile", "/now"}, {"delegate", {{"LogFile", "/own"}}}};
    const json of_no_use{{"logFile", 7}, {"logLevel", nullptr}, {"delegate", 5}};
    for (const auto& one : std::vector<std::pair<json, json>>{
             {elsewhere, elsewhere},
             {json{{"logLevel", "debug"}}, json{{"logLevel", "debug"}}},
             {own, json{{"logFile", "/own"}}},
             {of_no_use, json::object()}}) {
        const json& now = one.first;
        const json& expected = one.second;
        CAPTURE(now.dump());
        (void)Flannel().add(node.request(Command::add, at_add));
        json wanted = node.last_conf();
        CHECK(wanted.at("logFile") == "/add");
        wanted.update(expected);
        Flannel().check(node.request(Command::check, now));
        CHECK(node.last_conf() == wanted);
        Flannel().del(node.request(Command::del, now));
        CHECK(node.calls().back() == "DEL");
        CHECK(node.last_conf() == wanted);
    }
}

TEST_CASE("DEL without log keys gives the delegate the stored conf byte for byte") {
    const Node node;
    const std::string stored = R"({"type":"fake_plugin",  "name":"cbr0","LogFile":"/add"})";
    Node::write(node.stored.file_of("c1"), stored);
    Flannel().del(node.request(Command::del));
    CHECK(node.last_line() == "DEL " + stored);
    Node::write(node.stored.file_of("c1"), stored);
    Flannel().del(node.request(Command::del, {{"logFile", "/now"}}));
    CHECK(node.last_conf() == json{{"type", "fake_plugin"}, {"name", "cbr0"}, {"logFile", "/now"}});
}

TEST_CASE("ADD does not read prevResult, which it does not use") {
    const Node node;
    const json change{{"prevResult", {{"cniVersion", "1.2.0"}}}};
    (void)Flannel().add(node.request(Command::add, change));
    CHECK(node.calls() == Texts{"ADD"});
    CHECK_FALSE(node.last_conf().contains("prevResult"));
}

TEST_CASE("A DEL that fails keeps the stored conf, so that it can be repeated") {
    const Node node;
    (void)Flannel().add(node.request(Command::add));
    const std::string before = node.text_of("c1");
    const Error error = error_of([&] {
        Flannel().del(node.request(Command::del, {}, "DEL"));
        return 0;
    });
    CHECK(error.code() == ErrorCode{100});
    CHECK(missing_in(error.msg(), {"delegate \"fake_plugin\""}) == "");
    CHECK(node.text_of("c1") == before);
}

TEST_CASE("B09: an ADD that fails leaves no conf once the delegate has given everything back") {
    const Node node;
    const Error error =
        error_of([&] { return Flannel().add(node.request(Command::add, {}, "ADD")); });
    CHECK(error.code() == ErrorCode{100});
    CHECK(node.calls() == Texts{"ADD", "DEL"});
    CHECK(node.text_of("c1") == "(nothing)");
    CHECK(missing_in(error.details(), {"could not"}) != "");
}

TEST_CASE("A delegate that has no answer yet may still take something: its conf stays") {
    const Node node;
    const Error error =
        error_of([&] { return Flannel().add(node.request(Command::add, {}, "ADD later")); });
    CHECK(error.code() == ErrorCode::try_again_later);
    CHECK(missing_in(error.details(), {"stays reserved", "a DEL for this container"}) == "");
    CHECK(node.calls() == Texts{"ADD"});
    CHECK(node.text_of("c1") == node.last_conf().dump());
    Flannel().del(node.request(Command::del));
    CHECK(node.calls() == Texts{"ADD", "DEL"});
    CHECK(node.text_of("c1") == "(nothing)");
}

TEST_CASE("A delegate that calls its conf wrong at ADD and at DEL has taken nothing") {
    const Node node;
    Request request = node.request(Command::add);
    request.args.text = "DO=refuse-conf";
    const Error error = error_of([&] { return Flannel().add(request); });
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(error.details(), {"could not"}) != "");
    CHECK(node.text_of("c1") == "(nothing)");
}

TEST_CASE("An ADD whose undo fails, too, keeps the conf and says so: a DEL can clean") {
    const Node node;
    const Error error =
        error_of([&] { return Flannel().add(node.request(Command::add, {}, "ADD DEL")); });
    CHECK(missing_in(error.details(), {"could not give back", "c1", "DEL refused"}) == "");
    Flannel().del(node.request(Command::del));
    CHECK(node.calls() == Texts{"ADD", "DEL", "DEL"});
    CHECK(node.text_of("c1") == "(nothing)");
}

TEST_CASE("An ADD that fails again takes nothing from a running container") {
    const Node node;
    (void)Flannel().add(node.request(Command::add));
    const std::string before = node.text_of("c1");
    for (const json& change : {json(), json{{"ipam", {{"dataDir", "/elsewhere"}}}}}) {
        for (const char* failing : {"ADD", "ADD later"}) {
            error_of([&] { return Flannel().add(node.request(Command::add, change, failing)); });
            CHECK(node.text_of("c1") == before);
        }
    }
    CHECK(node.calls() == Texts{"ADD", "ADD", "ADD", "ADD", "ADD"});
    (void)Flannel().add(node.request(Command::add, {{"ipam", {{"dataDir", "/elsewhere"}}}}));
    CHECK(node.text_of("c1") == node.last_conf().dump());
    CHECK(node.text_of("c1") != before);
}

TEST_CASE("B56: what can be known to be wrong is found before anything is stored") {
    const Node node;
    const json missing_delegate{{"delegate", {{"type", "nosuch"}}}};
    for (const json& change : {missing_delegate,
                               json{{"delegate", {{"ipam", json::object()}}}},
                               json{{"subnetFile", "/nowhere/subnet.env"}}}) {
        CHECK(error_of([&] { return Flannel().add(node.request(Command::add, change)); }).code()
              != ErrorCode{});
        CHECK_FALSE(std::filesystem::exists(node.stored.folder()));
    }
    CHECK(missing_in(error_of([&] {
                         return Flannel().add(node.request(Command::add, missing_delegate));
                     }).details(),
                     {WINCNI_FAKE_PLUGIN_FOLDER})
          == "");
}

TEST_CASE("D4: a container that shares a sandbox uses the sandbox's conf, and leaves it there") {
    const Node node;
    (void)Flannel().add(node.request(Command::add));
    const std::string before = node.text_of("c1");
    Request workload = node.request(Command::add, {{"runtimeConfig", {{"x", 1}}}});
    workload.container_id = "w1";
    workload.netns = "container:c1";
    (void)Flannel().add(workload);
    CHECK(node.last_conf().at("runtimeConfig").at("x") == 1);
    CHECK(node.text_of("c1") == before);
    CHECK(node.text_of("w1") == "(nothing)");
    Flannel().del(workload);
    CHECK(node.calls() == Texts{"ADD", "ADD", "DEL"});
    CHECK(node.text_of("c1") == before);
}

TEST_CASE("A container ID that is not one, or a device, never becomes a path") {
    const Node node;
    for (const std::string id :
         {"../c1", "", "a/b", "c1\\x", ".wincni-new-c1", "nul", "COM1.x", "c1."}) {
        CAPTURE(id);
        Request request = node.request(Command::add);
        request.netns = "container:" + id;
        CHECK(error_of([&] { return Flannel().add(request); }).code()
              == ErrorCode::invalid_environment);
        CHECK(error_of([&] {
                  Flannel().del(request);
                  return 0;
              }).code()
              == ErrorCode::invalid_environment);
    }
    CHECK(node.calls().empty());
}

TEST_CASE(
    "A stored conf that is broken is named by CHECK, replaced by ADD, and no hindrance to DEL") {
    const Node node;
    for (const std::string broken :
         {"", "{\"type\": ", "[]", "{\"type\": 5, \"name\": \"cbr0\"}", "{\"name\": \"cbr0\"}"}) {
        CAPTURE(broken);
        Node::write(node.stored.file_of("c1"), broken);
        const Error error = error_of([&] {
            Flannel().check(node.request(Command::check));
            return 0;
        });
        CHECK(error.code() == ErrorCode::decoding_failure);
        CHECK(missing_in(error.msg(), {utf8_of(node.stored.file_of("c1"))}) == "");
        const auto calls_before = node.calls().size();
        CHECK(error_of([&] {
                  Flannel().del(node.request(Command::del, {}, "DEL"));
                  return 0;
              }).code()
              != ErrorCode::decoding_failure);
        CHECK(node.calls().size() == calls_before + 1);
        CHECK(node.text_of("c1") == broken);
        error_of([&] { return Flannel().add(node.request(Command::add, {}, "ADD")); });
        CHECK(node.text_of("c1") == "(nothing)");
        Node::write(node.stored.file_of("c1"), broken);
        const libcni::log::Captured log;
        (void)Flannel().add(node.request(Command::add));
        CHECK(log.holds(libcni::log::Level::warning, "takes its place"));
        CHECK(node.text_of("c1") == node.last_conf().dump());
        Node::write(node.stored.file_of("c1"), broken);
        Flannel().del(node.request(Command::del));
        CHECK(node.text_of("c1") == "(nothing)");
    }
}

TEST_CASE("A conf of another network is not overwritten") {
    const Node node;
    (void)Flannel().add(node.request(Command::add));
    const std::string before = node.text_of("c1");
    const Error error = error_of([&] {
        return Flannel().add(node.request(Command::add, {{"name", "vxlan0"}}));
    });
    CHECK(error.code() == ErrorCode::invalid_network_config);
    CHECK(missing_in(error.msg() + error.details(), {"c1", "cbr0", "vxlan0", "dataDir"}) == "");
    CHECK(node.text_of("c1") == before);
}

TEST_CASE("CHECK gives the delegate the stored conf with what the runtime says now") {
    const Node node;
    (void)Flannel().add(node.request(Command::add, {{"cniVersion", "1.0.0"}}));
    const json stored = node.last_conf();
    const json previous =
        json::parse(R"({"cniVersion": "1.1.0", "ips": [{"address": "10.0.0.1/8"}]})");
    Flannel().check(
        node.request(Command::check, {{"prevResult", previous}, {"subnetFile", "/nowhere"}}));
    json expected = stored;
    expected["cniVersion"] = "1.1.0";
    expected["prevResult"] = previous;
    CHECK(node.last_conf() == expected);
    CHECK(node.text_of("c1") == stored.dump());
    // The DEL of another interface of the container takes the conf along.
    Flannel().del(node.request(Command::del));
    Flannel().check(node.request(Command::check));
    CHECK(node.last_conf().at("ipam").at("subnet") == "10.244.4.0/24");
    CHECK(error_of([&] {
              Flannel().check(node.request(Command::check, {{"subnetFile", "/nowhere"}}));
              return 0;
          }).code()
          == ErrorCode::try_again_later);
}

TEST_CASE("B86: STATUS wants subnet.env, a folder for the confs and the delegate") {
    const Node node;
    Flannel().status(node.request(Command::status));
    CHECK(node.calls() == Texts{"STATUS"});
    CHECK_FALSE(std::filesystem::exists(node.stored.folder()));
    const auto fault = [&](const json& change, const std::string& failing = {}) {
        return error_of([&] {
            Flannel().status(node.request(Command::status, change, failing));
            return 0;
        });
    };
    const auto file = node.stored.folder().parent_path() / "file";
    Node::write(file, "");
    CHECK(missing_in(fault({{"subnetFile", "/nowhere/subnet.env"}}).msg(), {"flanneld"}) == "");
    CHECK(missing_in(fault({{"dataDir", utf8_of(file)}}).msg(), {utf8_of(file)}) == "");
    for (const json& change : {json{{"subnetFile", "/nowhere/subnet.env"}},
                               json{{"dataDir", utf8_of(file)}},
                               json{{"delegate", {{"type", "nosuch"}}}}})
        CHECK(fault(change).code() == ErrorCode::plugin_not_available);
    CHECK(fault({}, "STATUS").code() == ErrorCode::plugin_not_available);
    CHECK(fault({{"delegate", {{"name", "x"}}}}).code() == ErrorCode::invalid_network_config);
}

TEST_CASE("GC goes to the delegate, then the confs of containers that are gone are dropped") {
    const Node node;
    const std::string ours = R"({"name": "cbr0", "type": "fake_plugin"})";
    const std::string other = R"({"name": "vxlan0", "type": "fake_plugin"})";
    for (const auto& [name, text] :
         std::map<std::string, std::string>{{"c1", ours},
                                            {"c2", ours},
                                            {"c3", other},
                                            {"c4", "no conf"},
                                            {"c5", "{\"name\": \"cbr0\"}"},
                                            {"-x", ours}})
        Node::write(node.stored.file_of(name), text);
    const auto kept = [&] {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(node.stored.folder()))
            names.insert(utf8_of(entry.path().filename()));
        return names;
    };
    const auto collect = [&](const json& change, const std::string& failing = {}) {
        return error_of([&] {
            Flannel().gc(node.request(Command::gc, change, failing));
            return 0;
        });
    };
    const std::set<std::string> all{"c1", "c2", "c3", "c4", "c5", "-x"};
    CHECK(missing_in(collect({}).msg(), {"valid-attachments"}) == "");
    CHECK(collect(valid_c2, "GC").code() == ErrorCode{100});
    CHECK(kept() == all);
    // GC works before flanneld has started.
    json change = valid_c2;
    change["subnetFile"] = "/nowhere/subnet.env";
    Flannel().gc(node.request(Command::gc, change));
    CHECK(node.last_conf().at("cni.dev/valid-attachments") == valid_c2.front());
    CHECK(node.last_conf().at("name") == "cbr0");
    CHECK(kept() == std::set<std::string>{"c2", "c3", "-x"});
    CHECK(node.calls() == Texts{"GC", "GC"});
}

TEST_CASE("What a killed ADD has left is removed with the conf") {
    const Node node;
    (void)Flannel().add(node.request(Command::add));
    Node::write(node.stored.folder() / ".wincni-new-c1", "{");
    Flannel().del(node.request(Command::del));
    CHECK(std::filesystem::is_empty(node.stored.folder()));
}

TEST_CASE("A conf that cannot be stored is an error before the delegate is called") {
    const Node node;
    const auto file = node.stored.folder().parent_path() / "file";
    Node::write(file, "");
    const Error error = error_of([&] {
        return Flannel().add(node.request(Command::add, {{"dataDir", utf8_of(file / "x")}}));
    });
    CHECK(error.code() == ErrorCode::io_failure);
    CHECK(missing_in(error.msg(), {utf8_of(file / "x")}) == "");
    CHECK(node.calls().empty());
}
