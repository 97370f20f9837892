using Appliance.Hosting.Configuration;
using Appliance.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Appliance.Hosting.Tests.Configuration;

public sealed class SectionExtensionsTests
{
    [Fact]
    public async Task Role_does_not_start_with_a_faulty_section()
    {
        await using var site = new TestSite();

        var error = await Assert.ThrowsAsync<ConfigurationFaultException>(() => site.StartAsync(
            Role.Router,
            builder => builder.Services.AddSection<ProbeOptions>(ProbeOptions.Section),
            _ => { },
            ("Router:Flows:MaxFlows", "3"),
            ("Router:Flows:Lop", "true")));

        Assert.Equal(2, error.Faults.Count);
    }

    [Fact]
    public async Task Section_of_another_role_is_accepted_when_it_is_named()
    {
        await using var site = new TestSite();

        var app = await site.StartAsync(
            Role.Logger,
            builder => builder.Services.AddKnownSections([new OptionsSection(ProbeOptions.Section, typeof(ProbeOptions))]),
            _ => { },
            ("Router:Flows:MaxFlows", "2000"));

        Assert.NotNull(app);
    }

    [Fact]
    public async Task Section_is_bound()
    {
        await using var site = new TestSite();

        var app = await site.StartAsync(
            Role.Router,
            builder => builder.Services.AddSection<ProbeOptions>(ProbeOptions.Section).AddSection<ProbeOptions>(ProbeOptions.Section),
            _ => { },
            ("Router:Flows:MaxFlows", "2000"),
            ("Router:Flows:Networks:0", "192.0.2.0/24"));

        var options = app.Services.GetRequiredService<IOptions<ProbeOptions>>().Value;
        Assert.Equal(2000, options.MaxFlows);
        Assert.Equal(["192.0.2.0/24"], options.Networks);
    }
}
