using Appliance.Hosting;
using Appliance.Hosting.Health;
using Appliance.Logger.Site;
using Appliance.Logger.Tests.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Logger.Tests.Site;

public sealed class NodeStatesTests
{
    private readonly FakeTimeProvider _clock = new(Samples.Start);
    private readonly NodeStates _states;

    public NodeStatesTests() => _states = new NodeStates(_clock);

    private NodeState Router => _states.Snapshot[0];

    [Fact]
    public void Every_role_is_down_until_it_answers() =>
        Assert.Equal(
            [(Role.Router, NodeCondition.Down), (Role.Logger, NodeCondition.Down), (Role.Detector, NodeCondition.Down), (Role.Bmc, NodeCondition.Down)],
            _states.Snapshot.Select(node => (node.Role, node.Condition)));

    [Fact]
    public void A_role_with_nothing_to_report_is_up()
    {
        _clock.Advance(TimeSpan.FromMinutes(1));

        _states.Connected(Role.Router);

        Assert.Equal((NodeCondition.Up, Samples.Start.AddMinutes(1)), (Router.Condition, Router.Since));
    }

    [Theory]
    [InlineData(PartState.Degraded)]
    [InlineData(PartState.Failed)]
    public void One_bad_part_degrades_the_role_until_it_recovers(PartState state)
    {
        _states.Connected(Role.Router);
        _states.Reported(Role.Router, Part("capture", PartState.Healthy));

        _states.Reported(Role.Router, Part("firewall", state));
        var bad = Router.Condition;
        _states.Reported(Role.Router, Part("firewall", PartState.Healthy));

        Assert.Equal((NodeCondition.Degraded, NodeCondition.Up), (bad, Router.Condition));
    }

    [Fact]
    public void Since_moves_only_with_the_condition()
    {
        _states.Connected(Role.Router);
        _clock.Advance(TimeSpan.FromMinutes(5));

        _states.Reported(Role.Router, Part("capture", PartState.Healthy));

        Assert.Equal(Samples.Start, Router.Since);
    }

    [Fact]
    public void A_lost_role_is_down_and_its_last_words_are_kept()
    {
        _states.Connected(Role.Router);
        _states.Reported(Role.Router, Part("firewall", PartState.Failed));

        _states.Lost(Role.Router);

        Assert.Equal(NodeCondition.Down, Router.Condition);
        Assert.Equal("firewall", Assert.Single(Router.Parts).Name);
    }

    private static NodePart Part(string name, PartState state) => new(name, state, "", Samples.Start);
}
