using System.ComponentModel;
using Appliance.Hosting.Configuration;
using Appliance.Router.Rules;
using Microsoft.Extensions.Options;

namespace Appliance.Router.Nftables;

/// <summary>Opens the kernel's firewall, or says why it is rendered only; owns what it opened.</summary>
internal sealed class FirewallChoice(IOptions<FirewallOptions> options, TimeProvider clock) : IDisposable
{
    private readonly Stack<IDisposable> _opened = new();

    public IFirewall Open()
    {
        var wanted = options.Value;
        if (wanted.Enforce == EnforceMode.Rendered)
        {
            return new RenderedFirewall($"{FirewallOptions.Section}:Enforce asks for it.", clock);
        }

        var missing = KernelRights.Missing(wanted.Namespace.Length > 0);
        return missing is null ? OpenKernel(wanted) : Refuse(wanted, missing);
    }

    public void Dispose()
    {
        while (_opened.TryPop(out var opened))
        {
            opened.Dispose();
        }
    }

    private IFirewall OpenKernel(FirewallOptions wanted)
    {
        try
        {
            var home = wanted.Namespace.Length == 0 ? null : Own(NetworkNamespace.Take(wanted.Namespace));
            var sets = Own(new KernelSets(new NetlinkExchange(OpenNetlink(home))));
            var connections = Own(new ConnectionCutter(OpenNetlink(home)));
            var place = home is null ? "this network namespace" : $"network namespace {wanted.Namespace}";
            return new NftablesFirewall(new NftProgram(home, clock), sets, connections, clock, place);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Win32Exception)
        {
            Dispose();
            return Refuse(wanted, error.Message);
        }
    }

    private RenderedFirewall Refuse(FirewallOptions wanted, string why) => wanted.Enforce == EnforceMode.Kernel
        ? throw new ConfigurationFaultException([$"{FirewallOptions.Section}:Enforce is 'Kernel', but {why}"])
        : new RenderedFirewall(why, clock);

    private static NetlinkSocket OpenNetlink(NetworkNamespace? home) =>
        home is null ? NetlinkSocket.Open(Libc.NetfilterProtocol) : home.Run(() => NetlinkSocket.Open(Libc.NetfilterProtocol));

    private T Own<T>(T opened)
        where T : IDisposable
    {
        _opened.Push(opened);
        return opened;
    }
}
