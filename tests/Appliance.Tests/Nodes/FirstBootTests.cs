using System.Text;
using System.Text.Json;
using Appliance.Hosting.Enrollment;

namespace Appliance.Tests.Nodes;

public sealed class FirstBootTests : IDisposable
{
    private readonly NodeImage _image = new();

    [Fact]
    public void Node_takes_its_file_over_and_wipes_it()
    {
        _image.Lay(
            "node2", "logger", "--address", "192.168.1.2/24", "--gateway", "192.168.1.1", "--dns", "192.168.1.1", "--vlan", "10=192.168.10.2/24", "--vlan", "20=dhcp",
            "--interface", "end0", "--router", "192.168.1.1", "--peer", "detector=192.168.1.3", "--set", "Logger:Mqtt:Port=8884");

        var code = _image.FirstBoot();

        Assert.True(code == 0, _image.Error.ToString());
        Assert.Equal(new string(' ', NodeFile.MaxLength), File.ReadAllText(_image.Place));
        Assert.Equal("node2\n", _image.Read("hostname"));
        Assert.Equal("[Match]\nName=end0\n\n[Network]\nAddress=192.168.1.2/24\nGateway=192.168.1.1\nDNS=192.168.1.1\nVLAN=end0.10\nVLAN=end0.20\n", _image.Read("network/10-appliance.network"));
        Assert.Equal("[NetDev]\nName=end0.10\nKind=vlan\n\n[VLAN]\nId=10\n", _image.Read("network/20-end0.10.netdev"));
        Assert.Equal("[Match]\nName=end0.20\n\n[Network]\nDHCP=yes\n", _image.Read("network/20-end0.20.network"));
        using var configuration = JsonDocument.Parse(_image.Read("config/appliance.json"));
        Assert.Equal(
            ("home", "node2", "https://192.168.1.1:7443", "https://192.168.1.3:7445", "8884"),
            (Key(configuration, "Node:Site"), Key(configuration, "Node:Name"), Key(configuration, "Peers:Router"), Key(configuration, "Peers:Detector"), Key(configuration, "Logger:Mqtt:Port")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_image.State, "node.json")));
    }

    [Fact]
    public void Tagged_networks_of_a_router_are_the_devices_that_its_policy_names_and_each_is_watched()
    {
        _image.Lay(
            "node1", "router", "--address", "none", "--vlan", "2=203.0.113.2/30", "--vlan", "20=192.168.20.1/24", "--gateway", "203.0.113.1", "--dns", "203.0.113.1",
            "--set", "Router:Firewall:DefaultPolicy=router-on-a-stick");

        var code = _image.FirstBoot();

        Assert.True(code == 0, _image.Error.ToString());
        Assert.Equal("[Match]\nName=eth0\n\n[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no\nVLAN=eth0.2\nVLAN=eth0.20\n", _image.Read("network/10-appliance.network"));
        Assert.Equal("[Match]\nName=eth0.2\n\n[Network]\nAddress=203.0.113.2/30\nGateway=203.0.113.1\nDNS=203.0.113.1\n", _image.Read("network/20-eth0.2.network"));
        Assert.Equal("[Match]\nName=eth0.20\n\n[Network]\nAddress=192.168.20.1/24\n", _image.Read("network/20-eth0.20.network"));
        using var configuration = JsonDocument.Parse(_image.Read("config/appliance.json"));
        Assert.Equal(
            ("eth0.2", "wan", "eth0.20", "iot"),
            (Watched(configuration, "0:Name"), Watched(configuration, "0:Zone"), Watched(configuration, "1:Name"), Watched(configuration, "1:Zone")));
    }

    [Fact]
    public void Authority_moves_to_the_router_and_stays_nowhere_else()
    {
        _image.Lay("node1", "router", "--address", "192.168.1.1/24", "--interface", "end0");

        var code = _image.FirstBoot();

        Assert.True(code == 0, _image.Error.ToString());
        var key = Path.Combine(_image.State, "router/ca/ca.key");
        Assert.Equal(File.ReadAllText(Path.Combine(_image.Pki, "ca.key")), File.ReadAllText(key));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        var elsewhere = Directory.EnumerateFiles(_image.Root, "*", SearchOption.AllDirectories).Where(path => path != key && File.ReadAllText(path).Contains("PRIVATE KEY", StringComparison.Ordinal));
        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Second_boot_finds_all_done_and_a_first_without_a_file_says_what_to_do()
    {
        var without = _image.FirstBoot();
        var said = _image.Error.ToString();
        _image.Lay("node2", "logger", "--router", "gw.lan");

        var codes = new[] { _image.FirstBoot(), _image.FirstBoot() };

        Assert.Equal((1, 1), (without, said.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Contains("holds no node file", said, StringComparison.Ordinal);
        Assert.Equal([0, 0], codes);
    }

    [Theory]
    [InlineData("node3", "logger")]
    [InlineData("node2", "detector")]
    public void File_for_another_node_is_refused_and_changes_nothing(string name, string role)
    {
        _image.Lay("node2", "logger", "--router", "gw.lan");
        _image.FirstBoot();
        var before = Snapshot();
        _image.Lay(name, role, "--router", "gw.lan");
        var laid = File.ReadAllText(_image.Place);

        var code = _image.FirstBoot();

        Assert.Equal(1, code);
        Assert.Contains("factory-reset", _image.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
        Assert.Equal(laid, File.ReadAllText(_image.Place));
    }

    [Fact]
    public void Same_node_with_another_address_takes_the_new_file()
    {
        _image.Lay("node2", "logger", "--router", "gw.lan", "--vlan", "10=dhcp");
        _image.FirstBoot();
        _image.Lay("node2", "logger", "--router", "gw.lan", "--address", "192.168.1.9/24");

        var code = _image.FirstBoot();

        Assert.Equal(0, code);
        Assert.Contains("Address=192.168.1.9/24", _image.Read("network/10-appliance.network"), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(_image.State, "network")));
    }

    [Fact]
    public void Changed_file_is_one_sentence_and_nothing_is_written()
    {
        _image.Lay("node2", "logger", "--router", "gw.lan");
        File.WriteAllText(_image.Place, File.ReadAllText(_image.Place).Replace("gw.lan", "gw.evil", StringComparison.Ordinal)[..NodeFile.MaxLength]);

        var code = _image.FirstBoot();

        Assert.Equal(1, code);
        Assert.Single(_image.Error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("signature: does not fit", _image.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_image.State));
    }

    // Whatever had been written when the power went, the same boot again ends with the same.
    [Fact]
    public void Power_cut_after_any_step_is_made_good_by_the_next_boot()
    {
        _image.Lay("node1", "router", "--address", "192.168.1.1/24", "--vlan", "10=192.168.10.1/24");
        var laid = File.ReadAllBytes(_image.Place);
        _image.FirstBoot();
        var whole = Snapshot();

        foreach (var missing in whole.Keys.ToList())
        {
            File.WriteAllBytes(_image.Place, laid);
            File.Delete(Path.Combine(_image.State, missing));
            File.WriteAllText(Path.Combine(_image.State, missing) + ".part", "half");
            Assert.Equal(0, _image.FirstBoot());
        }

        Assert.Equal(whole, Snapshot());
    }

    [Fact]
    public void Settings_that_the_role_would_not_start_with_are_told_on_the_workstation()
    {
        _image.Run("pki", "init", _image.Pki, "--site", "home");

        var code = _image.Run("image", "node-file", "node2", "--role", "logger", "--pki", _image.Pki, "--router", "gw.lan", "--set", "Logger:Mqtt:Prot=1", "--out", Path.Combine(_image.Root, "n.json"));

        Assert.Equal(1, code);
        Assert.Contains("did you mean Logger:Mqtt:Port?", _image.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Factory_reset_leaves_its_mark_on_the_boot_partition()
    {
        var code = _image.Run("image", "factory-reset", "--root", _image.Root);

        Assert.Equal(0, code);
        Assert.Empty(File.ReadAllBytes(Path.Combine(_image.Root, "boot/config/RESET")));
    }

    public void Dispose() => _image.Dispose();

    private static string? Key(JsonDocument configuration, string key) => configuration.RootElement.GetProperty(key).GetString();

    private static string? Watched(JsonDocument configuration, string key) => Key(configuration, $"Router:Capture:Interfaces:{key}");

    private SortedDictionary<string, string> Snapshot() => new(
        Directory.EnumerateFiles(_image.State, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".part", StringComparison.Ordinal)).ToDictionary(path => Path.GetRelativePath(_image.State, path), path => Convert.ToBase64String(File.ReadAllBytes(path))),
        StringComparer.Ordinal);
}
