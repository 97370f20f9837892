using Appliance.Detector.Detectors;
using Appliance.Detector.Flows;

namespace Appliance.Detector.Tests.Detectors.BruteForce;

public sealed class BruteForceDetectorTests
{
    private const string Guesser = "192.168.1.66";
    private const string Server = "192.168.1.10";

    [Fact]
    public void Sixth_failed_login_is_guessing_and_the_fifth_is_not()
    {
        var scene = new Scene();
        Fail(scene, Guesser, Server, 22, 5);

        Assert.Empty(scene.Alerts);
        Fail(scene, Guesser, Server, 22, 1);

        var alert = Assert.Single(scene.Alerts);
        Assert.Equal((Category.BruteForce, Severity.High, "tcp/22", 6L), (alert.Category, alert.Severity, alert.Service.ToString(), alert.Evidence.Events));
        Assert.True(alert.IsSourceConfirmed);
    }

    [Fact]
    public void Failures_of_one_connection_count_each()
    {
        var scene = new Scene();
        var flow = Open(scene, Guesser, Server, 21);
        for (var failures = 1; failures <= 6; failures++)
        {
            Assert.Empty(scene.Alerts);
            flow = scene.Wait(1).Tell(FlowEventKind.Updated, flow with { LoginFailures = failures });
        }

        scene.End(flow);

        Assert.Equal(6, Assert.Single(scene.Finish().Latest).Evidence.Events);
    }

    [Fact]
    public void Failures_that_only_the_end_of_a_flow_tells_count()
    {
        var scene = new Scene();
        for (var i = 0; i < 6; i++)
        {
            scene.Wait(1).End(Open(scene, Guesser, Server, 22) with { LoginFailures = 1 });
        }

        Assert.Single(scene.Alerts);
    }

    [Fact]
    public void Mistyped_password_followed_by_success_stays_silent()
    {
        var scene = new Scene();
        for (var day = 0; day < 20; day++)
        {
            Fail(scene, Guesser, Server, 22, 2);
            Succeed(scene, Guesser, Server, 22);
            scene.Wait(TimeSpan.FromMinutes(5));
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Five_failures_in_each_window_stay_silent()
    {
        var scene = new Scene();
        for (var i = 0; i < 5; i++)
        {
            Fail(scene, Guesser, Server, 22, 5);
            scene.Wait(TimeSpan.FromMinutes(11));
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Success_after_guessing_is_critical_at_once()
    {
        var scene = new Scene();
        Fail(scene, Guesser, Server, 23, 6);
        Succeed(scene, Guesser, Server, 23);

        Assert.Equal([Severity.High, Severity.Critical], scene.Alerts.Select(alert => alert.Severity));
        Assert.Equal(scene.Alerts[0].Id, scene.Alerts[1].Id);
    }

    [Fact]
    public void Thirty_failures_in_an_hour_are_guessing_whatever_succeeds_in_between()
    {
        var scene = new Scene();
        for (var i = 0; i < 10; i++)
        {
            Assert.Empty(scene.Alerts);
            Fail(scene, Guesser, Server, 22, 3);
            if (i < 9)
            {
                Succeed(scene, Guesser, Server, 22);
            }
        }

        Assert.Single(scene.Alerts);
    }

    [Fact]
    public void One_password_tried_at_many_hosts_is_spraying()
    {
        var scene = new Scene();
        for (var host = 1; host <= 12; host++)
        {
            Assert.Empty(scene.Alerts);
            Fail(scene, Guesser, $"192.168.1.{100 + host}", 22, 1);
        }

        Assert.Equal("T1110.003", Assert.Single(scene.Alerts).Technique);
    }

    [Fact]
    public void Many_sources_at_one_service_are_named_each()
    {
        var scene = new Scene();
        for (var round = 0; round < 5; round++)
        {
            for (var source = 1; source <= 5; source++)
            {
                Fail(scene, $"203.0.113.{source}", Server, 22, 1);
            }
        }

        Assert.Equal(5, scene.Finish().Latest.Count);
        Assert.All(scene.Latest, alert => Assert.Equal(Category.BruteForce, alert.Category));
    }

    [Fact]
    public void Other_service_of_the_same_host_is_counted_apart()
    {
        var scene = new Scene();
        Fail(scene, Guesser, Server, 22, 5);
        Fail(scene, Guesser, Server, 21, 5);

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Short_ssh_connections_of_unknown_outcome_count_by_their_shape()
    {
        var scene = new Scene();
        for (var i = 0; i < 6; i++)
        {
            Assert.Empty(scene.Alerts);
            scene.Wait(4).End(Shaped(scene));
        }

        Assert.Equal(6, Assert.Single(scene.Alerts).Evidence.Events);
    }

    [Fact]
    public void Long_or_large_ssh_connections_are_no_tries()
    {
        var scene = new Scene();
        for (var i = 0; i < 20; i++)
        {
            scene.Wait(1).End(Shaped(scene) with { BytesIn = 60_000, PacketsIn = 300 });
            var session = Shaped(scene);
            scene.Wait(60).End(session);
            scene.Wait(1).End(Shaped(scene) with { BytesIn = 280, PacketsIn = 4 });
        }

        Assert.Empty(scene.Alerts);
    }

    [Fact]
    public void Repeated_total_of_a_flow_counts_once()
    {
        var scene = new Scene();
        var flow = Open(scene, Guesser, Server, 22) with { LoginFailures = 3 };
        for (var i = 0; i < 10; i++)
        {
            scene.Wait(60).Tell(FlowEventKind.Updated, flow);
        }

        scene.End(flow);

        Assert.Empty(scene.Alerts);
    }

    private static Flow Shaped(Scene scene) => Open(scene, Guesser, Server, 22) with
    {
        Application = ApplicationKind.Ssh,
        PacketsOut = 13,
        PacketsIn = 10,
        BytesOut = 2600,
        BytesIn = 2500,
    };

    private static Flow Open(Scene scene, string source, string destination, ushort port) =>
        scene.Answer(scene.Begin(scene.Tcp(source, destination, port))) with { IsSourceConfirmed = true, TcpFlagsOut = Scene.Syn | Scene.Ack };

    private static void Fail(Scene scene, string source, string destination, ushort port, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var flow = scene.Wait(0.5).Tell(FlowEventKind.Updated, Open(scene, source, destination, port) with { LoginFailures = 1 });
            scene.End(flow);
        }
    }

    private static void Succeed(Scene scene, string source, string destination, ushort port) =>
        scene.End(scene.Wait(1).Tell(FlowEventKind.Updated, Open(scene, source, destination, port) with { LoginSuccesses = 1 }));
}
