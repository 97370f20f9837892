using Appliance.Router.Nftables;
using Appliance.Router.Rules;
using Appliance.Router.Rules.Feeds;
using Appliance.Router.Tests.Rules.Feeds;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Options;
using static Appliance.Router.Tests.Rules.Samples;

namespace Appliance.Router.Tests.Nftables;

public sealed class FirewallChoiceTests
{
    private readonly string _name = NamespaceName.New();

    [Fact]
    public void Rendered_mode_touches_no_kernel()
    {
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Rendered, Namespace = _name }), TimeProvider.System);

        var firewall = choice.Open();

        Assert.False(firewall.Enforces);
        Assert.False(File.Exists(Path.Combine(NetworkNamespace.NamesFolder, _name)));
    }

    [Fact]
    public async Task Kernel_enforces_in_the_namespace_that_is_named_and_not_outside()
    {
        TestNamespace.SkipUnlessPossible();
        var outside = Command.Run(NftProgram.NftPath, "list", "tables");
        string inside;
        using (var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = _name }), TimeProvider.System))
        {
            var firewall = choice.Open();
            await firewall.ApplyAsync(new FirewallState([], []), CancellationToken.None);
            firewall.Put([Make(Target("203.0.113.7"), BlockAction.Drop, 0, TimeProvider.System.GetUtcNow(), 60)]);
            inside = Command.Run("/usr/sbin/ip", "netns", "exec", _name, NftProgram.NftPath, "list", "set", "inet", "appliance", "blocked4");
        }

        Assert.Contains("203.0.113.7", inside);
        Assert.Equal(outside, Command.Run(NftProgram.NftPath, "list", "tables"));
        Assert.False(File.Exists(Path.Combine(NetworkNamespace.NamesFolder, _name)));
    }

    [Fact]
    public async Task Feeds_are_dropped_where_the_firewall_enforces()
    {
        TestNamespace.SkipUnlessPossible();
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = _name }), TimeProvider.System);

        await choice.OpenFeeds().ReplaceAsync(new FeedLoad("a", () => FeedText.Addresses("203.0.113.7")), [], CancellationToken.None);

        Assert.True(choice.OpenFeeds().Enforces);
        Assert.Contains("203.0.113.7", Command.Run("/usr/sbin/ip", "netns", "exec", _name, NftProgram.NftPath, "list", "table", "inet", "appliance_feeds"));
    }

    [Fact]
    public void Feeds_are_rendered_where_the_firewall_is()
    {
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Rendered }), TimeProvider.System);

        Assert.False(choice.OpenFeeds().Enforces);
    }

    [Fact]
    public void Kernel_out_of_reach_falls_back_and_says_why()
    {
        TestNamespace.SkipUnlessPossible();
        using var holder = NetworkNamespace.Take(_name);
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Namespace = _name }), TimeProvider.System);

        var firewall = choice.Open();

        Assert.False(firewall.Enforces);
        Assert.Contains("belongs to another running appliance", firewall.Description);
    }

    [Fact]
    public void Kernel_out_of_reach_is_a_fault_where_it_is_demanded()
    {
        TestNamespace.SkipUnlessPossible();
        using var holder = NetworkNamespace.Take(_name);
        using var choice = new FirewallChoice(Options.Create(new FirewallOptions { Enforce = EnforceMode.Kernel, Namespace = _name }), TimeProvider.System);

        var error = Assert.Throws<Appliance.Hosting.Configuration.ConfigurationFaultException>(choice.Open);

        Assert.Contains("Router:Firewall:Enforce", error.Message);
    }
}
