using Appliance.Hosting.Identity;
using Appliance.Router.Site;

namespace Appliance.Commands;

/// <summary>The accounts that `appliance accounts` works on: the router's file on its own machine, or a router that is asked.</summary>
internal interface IAccounts : IDisposable
{
    IReadOnlyList<Account> All { get; }

    Account Add(string name, PeerKind kind, string password);

    Account Change(string name, PeerKind? kind, string? password);

    void Remove(string name);
}
