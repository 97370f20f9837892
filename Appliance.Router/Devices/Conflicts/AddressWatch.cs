using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Dhcp;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Decoding.Routers;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Devices.Conflicts;

/// <summary>Follows who says that it has which address (ARP, Neighbor Discovery, router advertisements), and tells when two stations do.</summary>
/// <remarks>
/// Silent are: the first to claim an address; whoever claims it after the holder has been quiet for ten minutes, or by a lease of DHCP; routers
/// that share an address (VRRP and its like); a station with a made-up address that follows another such, since phones change theirs, until both
/// have spoken. May be used from any thread.
/// </remarks>
internal sealed class AddressWatch(IOptions<DeviceOptions> options)
{
    // Stations are asked for again when an entry goes stale, after a minute or so; a device that is quiet for longer has mostly left.
    private const long Quiet = 600_000_000_000;

    // Tools that poison caches repeat themselves each second or two.
    private const long RepeatInterval = 10_000_000_000;

    // Messages with made-up senders conflict with everybody.
    private const int MostPerSecond = 100;
    private const int MaxRouters = 64;

    private readonly Lock _turn = new();
    private readonly HoldingTable _holdings = new(options.Value.MaxDevices * 2);
    private readonly HashSet<AddressKey> _routers = [];
    private readonly FactBudget _budget = new(MostPerSecond);

    /// <summary>Takes an ARP or Neighbor Discovery message; what it shows, null for nothing.</summary>
    public AddressConflictFact? Observe(in Neighbor message, long time)
    {
        lock (_turn)
        {
            return Claim(new(message.Sender, message.VlanId), message, time);
        }
    }

    /// <summary>Takes a fact that may say who has which address, or which is a router's; what it shows, null for nothing.</summary>
    public AddressConflictFact? Observe(Fact fact, long time)
    {
        switch (fact)
        {
            case DhcpFact { Kind: DhcpKind.Offer or DhcpKind.Acknowledge } dhcp:
                lock (_turn)
                {
                    Lease(dhcp, time);
                }

                return null;
            case RouterAdvertisementFact router:
                lock (_turn)
                {
                    return Advertise(router, time);
                }

            default:
                return null;
        }
    }

    private void Lease(DhcpFact dhcp, long time)
    {
        foreach (var router in dhcp.Routers)
        {
            MarkRouter(new(router, dhcp.Origin.VlanId));
        }

        // DHCPv6 names clients by an address that they may have had once.
        if (dhcp.Kind != DhcpKind.Acknowledge || dhcp.ClientMac.IsEmpty || dhcp.LeaseAddress is not { } address || !IPAddresses.IsIPv4(address))
        {
            return;
        }

        ref var holding = ref _holdings[new(address, dhcp.Origin.VlanId)];
        if (!holding.IsRouter)
        {
            Give(ref holding, dhcp.ClientMac, time);
        }
    }

    private AddressConflictFact? Advertise(RouterAdvertisementFact router, long time)
    {
        var origin = router.Origin;
        var key = new AddressKey(origin.Source, origin.VlanId);
        MarkRouter(key);
        var message = new Neighbor(NeighborKind.Announcement, router.RouterMac, origin.Source, origin.Destination, IsIPv4: false)
        {
            FrameMac = origin.SourceMac,
            VlanId = origin.VlanId,
        };
        return Claim(key, message, time);
    }

    private void MarkRouter(AddressKey key)
    {
        if (_routers.Count < MaxRouters || _routers.Contains(key))
        {
            _routers.Add(key);
            _holdings[key].IsRouter = true;
        }
    }

    private AddressConflictFact? Claim(AddressKey key, in Neighbor message, long time)
    {
        var mac = message.SenderMac;

        // A probe claims nothing yet (RFC 5227, 2.1.1; RFC 4862, 5.4.2).
        if (ObservationReader.Usable(key.Address) == 0 || mac.IsEmpty || mac.IsGroup)
        {
            return null;
        }

        ref var holding = ref _holdings[key];
        if (holding.Holder.IsEmpty || time - holding.HolderSeen > Quiet)
        {
            Give(ref holding, mac, time);
        }

        if (holding.Holder == mac)
        {
            return Confirm(ref holding, message, time);
        }

        // Of an advertisement that does not override, nobody takes another station (RFC 4861, 7.2.5).
        if (message.IsWeak)
        {
            return null;
        }

        if (VirtualRouters.Has(mac))
        {
            Give(ref holding, mac, time);
            return null;
        }

        return Contest(ref holding, message, time);
    }

    private AddressConflictFact? Confirm(ref Holding holding, in Neighbor message, long time)
    {
        holding.HolderSeen = time;
        if (!holding.Claimant.IsEmpty && !holding.IsContested && time - holding.ClaimantSeen <= Quiet)
        {
            holding.IsContested = true;
            if (IsPending(holding, isContested: false))
            {
                return Tell(ref holding, KindOf(holding), message, time);
            }
        }

        var isForeign = !message.FrameMac.IsEmpty && message.FrameMac != message.SenderMac && !VirtualRouters.Has(message.SenderMac) && !VirtualRouters.Has(message.FrameMac);
        return isForeign ? Tell(ref holding, ConflictKind.SenderMismatch, message, time) : null;
    }

    private AddressConflictFact? Contest(ref Holding holding, in Neighbor message, long time)
    {
        if (holding.Claimant != message.SenderMac)
        {
            holding.Claimant = message.SenderMac;
            holding.IsContested = false;
        }

        holding.ClaimantSeen = time;
        holding.Claims++;
        return IsPending(holding, holding.IsContested) ? null : Tell(ref holding, KindOf(holding), message, time);
    }

    private static bool IsPending(in Holding holding, bool isContested) => !isContested && !holding.IsRouter && holding.Holder.IsLocal && holding.Claimant.IsLocal;

    private ConflictKind KindOf(in Holding holding) =>
        !holding.IsRouter && (IsRouter(holding.Claimant, holding.Key.VlanId) || IsRouter(holding.Holder, holding.Key.VlanId)) ? ConflictKind.Proxied : ConflictKind.Claimed;

    private bool IsRouter(MacAddress mac, ushort vlanId)
    {
        foreach (var key in _routers)
        {
            if (key.VlanId == vlanId && _holdings.HolderOf(key) == mac)
            {
                return true;
            }
        }

        return false;
    }

    private AddressConflictFact? Tell(ref Holding holding, ConflictKind kind, in Neighbor message, long time)
    {
        if ((holding.ToldTime != 0 && time - holding.ToldTime < RepeatInterval) || !_budget.TrySpend(time, 1))
        {
            return null;
        }

        var origin = new FactOrigin(time, message.FrameMac.IsEmpty ? message.SenderMac : message.FrameMac, message.VlanId, message.Sender, message.Target, 0, 0, 0);
        var fact = new AddressConflictFact(origin, kind, holding.Key.Address, holding.Holder, kind == ConflictKind.SenderMismatch ? message.FrameMac : holding.Claimant)
        {
            IsRouter = holding.IsRouter,
            Claims = Math.Max(holding.Claims, 1),
            HolderSeen = holding.HolderSeen,
        };
        holding.ToldTime = time;
        holding.Claims = 0;
        return fact;
    }

    private static void Give(ref Holding holding, MacAddress mac, long time)
    {
        holding.Holder = mac;
        holding.HolderSeen = time;
        holding.Claimant = default;
        holding.ClaimantSeen = 0;
        holding.IsContested = false;
        holding.Claims = 0;
    }
}
