using System.ComponentModel;
using Appliance.Hosting.Errors;
using Appliance.Router.Traffic;

namespace Appliance.Router.Nftables;

/// <summary>The connections that the kernel tracks in the network namespace that a socket was opened in.</summary>
internal sealed class KernelConnections(NetlinkExchange kernel) : IConnectionTracker, IDisposable
{
    private const string Reading = "Reading the connection table";

    public void Read(ConnectionReader read, Action restart) => Ask(() =>
    {
        kernel.Dump(
            Reading,
            ConntrackRequest.WriteDump,
            payload =>
            {
                if (ConntrackEntry.TryRead(payload, out var connection))
                {
                    read(connection);
                }
            },
            restart);
        return true;
    });

    public bool Delete(ConnectionName name) => Ask(() =>
    {
        var answer = kernel.Ask((ref writer, sequence) => ConntrackRequest.WriteDelete(ref writer, sequence, name));
        return answer.Error switch
        {
            0 => true,
            -Libc.NoEntry => false,
            _ => throw new KernelRefusedException(KernelFaultName.Of(answer, int.MaxValue), answer, $"Deleting connection {name}"),
        };
    });

    public void Dispose() => kernel.Dispose();

    private static T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (KernelRefusedException error)
        {
            throw new BusyException(UnreachableConnections.Reason, error.Message);
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            throw new UnreachableException(error.Message, error);
        }
    }
}
