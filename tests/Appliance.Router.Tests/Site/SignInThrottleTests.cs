using System.Net;
using Appliance.Router.Site;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Site;

public sealed class SignInThrottleTests
{
    private const string Account = "operator";
    private static readonly IPAddress Attacker = IPAddress.Parse("198.51.100.7");
    private static readonly IPAddress Operator = IPAddress.Parse("192.168.1.20");

    private readonly FakeTimeProvider _clock = new();
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new SignInThrottle(_clock);

    [Fact]
    public async Task Sixth_try_of_a_source_is_refused_for_a_second()
    {
        await FailAsync(Attacker, SignInThrottle.FreeTries);

        var sixth = await EnterAsync(Attacker);

        Assert.Equal(SignInAdmission.Refused(TimeSpan.FromSeconds(1)), sixth);
    }

    [Fact]
    public async Task Delay_doubles_with_each_try_up_to_a_quarter_of_an_hour()
    {
        // A source that signed in before has no pause by account beside its own delay.
        await EnterAsync(Operator);
        _throttle.Succeeded(Operator, Account);
        await FailAsync(Operator, SignInThrottle.FreeTries);
        var delays = new List<double>();
        for (var tries = 0; tries < 12; tries++)
        {
            var refused = await EnterAsync(Operator);
            delays.Add(refused.RetryAfter.TotalSeconds);
            _clock.Advance(refused.RetryAfter);
            await FailAsync(Operator, 1);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900], delays);
    }

    [Fact]
    public async Task Refused_tries_do_not_make_the_delay_grow()
    {
        await FailAsync(Attacker, SignInThrottle.FreeTries);
        for (var tries = 0; tries < 100; tries++)
        {
            await EnterAsync(Attacker);
        }

        var next = await EnterAsync(Attacker);

        Assert.Equal(TimeSpan.FromSeconds(1), next.RetryAfter);
    }

    [Fact]
    public async Task Tries_at_the_same_time_are_counted_before_the_first_is_checked()
    {
        var entered = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => EnterAsync(Attacker)));

        Assert.Equal(SignInThrottle.FreeTries, entered.Count(admission => admission.Admitted));
    }

    [Fact]
    public async Task Stranger_waits_while_the_account_is_attacked_and_is_let_in_then()
    {
        await FailAsync(Attacker, SignInThrottle.FreeTries);

        var waiting = EnterAsync(Operator);
        var waitedFirst = !waiting.IsCompleted;
        _clock.Advance(TimeSpan.FromSeconds(8));

        Assert.True(waitedFirst && (await waiting).Admitted);
    }

    [Fact]
    public async Task Source_that_logged_in_before_does_not_wait_for_an_attacked_account()
    {
        await EnterAsync(Operator);
        _throttle.Succeeded(Operator, Account);
        await FailAsync(Attacker, SignInThrottle.FreeTries);

        var entering = EnterAsync(Operator);

        Assert.True(entering.IsCompleted && (await entering).Admitted);
    }

    [Fact]
    public async Task Success_forgets_the_failures_of_its_source()
    {
        await FailAsync(Operator, SignInThrottle.FreeTries - 1);
        await EnterAsync(Operator);
        _throttle.Succeeded(Operator, Account);

        await FailAsync(Operator, SignInThrottle.FreeTries - 1);
        var next = await EnterAsync(Operator);

        Assert.True(next.Admitted);
    }

    [Fact]
    public async Task Hundred_thousand_sources_do_not_grow_the_table()
    {
        for (var number = 0; number < 100_000; number++)
        {
            await EnterAsync(new IPAddress(new byte[] { 10, (byte)(number >> 16), (byte)(number >> 8), (byte)number }));

            // Keeps the account calm, so that no stranger has to wait here.
            _throttle.Succeeded(Operator, Account);
        }

        Assert.Equal(SignInThrottle.SourceCapacity, _throttle.SourcesHeld);
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_are_one_source()
    {
        for (var host = 1; host <= SignInThrottle.FreeTries; host++)
        {
            await EnterAsync(IPAddress.Parse($"2001:db8:1:2::{host}"));
        }

        var neighbour = await EnterAsync(IPAddress.Parse("2001:db8:1:2:ffff::1"));

        Assert.False(neighbour.Admitted);
    }

    [Fact]
    public async Task Mapped_IPv4_address_is_the_same_source()
    {
        await FailAsync(Attacker, SignInThrottle.FreeTries);

        var mapped = await EnterAsync(Attacker.MapToIPv6());

        Assert.False(mapped.Admitted);
    }

    [Fact]
    public async Task Waiting_room_is_bounded()
    {
        await FailAsync(Attacker, SignInThrottle.FreeTries);
        var strangers = Enumerable.Range(1, 200).Select(host => EnterAsync(IPAddress.Parse($"10.1.1.{host}"))).ToList();

        var refused = strangers.Count(entering => entering.IsCompletedSuccessfully);
        _clock.Advance(TimeSpan.FromSeconds(8));
        await Task.WhenAll(strangers);

        Assert.Equal(200 - 64, refused);
    }

    private Task<SignInAdmission> EnterAsync(IPAddress source) => _throttle.EnterAsync(source, Account, CancellationToken.None);

    private async Task FailAsync(IPAddress source, int tries)
    {
        for (var number = 0; number < tries; number++)
        {
            Assert.True((await EnterAsync(source)).Admitted);
        }
    }
}
