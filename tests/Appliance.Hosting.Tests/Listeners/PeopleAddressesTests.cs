using System.Net;
using Appliance.Hosting.Listeners;
using Appliance.Tests.Shared;

namespace Appliance.Hosting.Tests.Listeners;

public sealed class PeopleAddressesTests
{
    private static readonly IPAddress Desk = IPAddress.Parse("192.0.2.20");

    private readonly SetClock _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly PeopleAddresses _people;

    public PeopleAddressesTests() => _people = new PeopleAddresses(_clock, []);

    [Fact]
    public void An_address_counts_while_one_connection_from_it_is_open_and_15_minutes_longer()
    {
        _people.Enter("first", Desk, InADay);
        _people.Enter("second", Desk, InADay);
        _people.Leave("first", Desk);
        _clock.Advance(TimeSpan.FromHours(5));
        var open = _people.Current;

        _people.Leave("second", Desk);
        _clock.Advance(TimeSpan.FromMinutes(14));
        var closed = _people.Current;
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([Desk], open);
        Assert.Equal([Desk], closed);
        Assert.Empty(_people.Current);
    }

    [Fact]
    public void A_connection_counts_no_longer_than_its_certificate()
    {
        _people.Enter("first", Desk, _clock.GetUtcNow() + TimeSpan.FromHours(1));

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Empty(_people.Current);
    }

    [Fact]
    public void A_clock_that_is_set_changes_nothing_for_who_has_just_left()
    {
        _people.See(Desk);

        _clock.Set(_clock.GetUtcNow() + TimeSpan.FromDays(1));

        Assert.Equal([Desk], _people.Current);
    }

    [Fact]
    public void A_new_address_is_announced_and_a_known_one_is_not()
    {
        _people.See(Desk);
        var first = _people.Arrivals.TryRead(out _);
        _people.See(Desk);
        var again = _people.Arrivals.TryRead(out _);

        Assert.Equal((true, false), (first, again));
    }

    [Fact]
    public void This_machine_is_nobody_and_an_address_has_one_notation()
    {
        _people.See(IPAddress.Loopback);
        _people.See(IPAddress.IPv6Loopback);
        _people.See(IPAddress.Loopback.MapToIPv6());
        _people.See(Desk.MapToIPv6());

        Assert.Equal([Desk], _people.Current);
    }

    [Fact]
    public void Who_is_connected_stays_when_many_addresses_come_by()
    {
        _people.Enter("first", Desk, InADay);

        for (var index = 0; index < 2 * PeopleAddresses.MaxAddresses; index++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            _people.See(new IPAddress([198, 51, (byte)(index >> 8), (byte)index]));
        }

        Assert.Equal(PeopleAddresses.MaxAddresses, _people.Current.Count);
        Assert.Contains(Desk, _people.Current);
        Assert.DoesNotContain(IPAddress.Parse("198.51.0.0"), _people.Current);
    }

    [Fact]
    public void Who_acts_over_a_node_counts_while_he_is_told_of()
    {
        List<IPAddress> signedIn = [Desk, IPAddress.Loopback];
        var people = new PeopleAddresses(_clock, [() => signedIn]);

        var during = people.Current;
        signedIn.Clear();

        Assert.Equal([Desk], during);
        Assert.Empty(people.Current);
    }

    private DateTimeOffset InADay => _clock.GetUtcNow() + TimeSpan.FromDays(1);
}
