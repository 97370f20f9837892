using Appliance.Router.Nftables;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Nftables;

public sealed class NetworkNamespaceTests
{
    private readonly string _name = NamespaceName.New();

    private string NamePath => Path.Combine(NetworkNamespace.NamesFolder, _name);

    private string LockPath => Path.Combine(NetworkNamespace.LocksFolder, $"netns-{_name}.lock");

    [Fact]
    public void A_taken_namespace_is_seen_by_iproute2_and_gone_at_the_end()
    {
        TestNamespace.SkipUnlessPossible();
        var place = NetworkNamespace.Take(_name);
        string links;
        using (place)
        {
            links = Command.Run("/usr/sbin/ip", "netns", "exec", _name, "/usr/sbin/ip", "-o", "link");
        }

        Assert.Single(links.TrimEnd().Split('\n'));
        Assert.False(File.Exists(NamePath));
        Assert.False(File.Exists(LockPath));
    }

    [Fact]
    public void Only_work_given_to_it_is_inside()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = NetworkNamespace.Take(_name);

        var inside = place.Run(() => File.ReadAllText("/proc/thread-self/net/dev"));

        Assert.DoesNotContain("eth0", inside);
        Assert.Equal(File.ReadAllText("/proc/1/net/dev").Split('\n').Length, File.ReadAllText("/proc/thread-self/net/dev").Split('\n').Length);
    }

    [Fact]
    public void A_name_left_by_a_killed_process_is_taken_over_with_what_is_in_it()
    {
        TestNamespace.SkipUnlessPossible();
        Command.Run("/usr/sbin/ip", "netns", "add", _name);
        Command.Run("/usr/sbin/ip", "-n", _name, "link", "add", "kept", "type", "veth", "peer", "name", "other");
        Directory.CreateDirectory(NetworkNamespace.LocksFolder);
        File.WriteAllText(LockPath, "");

        string inside;
        using (var place = NetworkNamespace.Take(_name))
        {
            inside = place.Run(() => File.ReadAllText("/proc/thread-self/net/dev"));
        }

        Assert.Contains("kept:", inside);
        Assert.False(File.Exists(NamePath));
    }

    [Fact]
    public void A_name_whose_mount_is_gone_is_made_anew()
    {
        TestNamespace.SkipUnlessPossible();
        Directory.CreateDirectory(NetworkNamespace.NamesFolder);
        File.WriteAllText(NamePath, "");

        string links;
        using (NetworkNamespace.Take(_name))
        {
            links = Command.Run("/usr/sbin/ip", "netns", "exec", _name, "/usr/sbin/ip", "-o", "link");
        }

        Assert.Contains("lo:", links);
        Assert.False(File.Exists(NamePath));
    }

    [Fact]
    public void A_namespace_that_someone_else_made_is_used_and_left()
    {
        using var theirs = new TestNamespace();

        NetworkNamespace.Take(theirs.Name).Dispose();

        Assert.Contains("lo:", Command.Run("/usr/sbin/ip", "-n", theirs.Name, "-o", "link"));
    }

    [Fact]
    public void A_name_in_use_by_a_living_process_is_refused_with_the_way_out()
    {
        TestNamespace.SkipUnlessPossible();
        using var place = NetworkNamespace.Take(_name);

        var error = Assert.Throws<IOException>(() => NetworkNamespace.Take(_name));

        Assert.Contains(_name, error.Message);
        Assert.Contains("Router:Firewall:Namespace", error.Message);
    }
}
