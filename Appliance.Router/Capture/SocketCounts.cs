using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Capture;

/// <summary>What the kernel counts at a packet socket, added up; may be read from any thread, also after the socket was closed.</summary>
internal sealed class SocketCounts(SafeFileHandle socket)
{
    private readonly Lock _gate = new();
    private long _packets;
    private long _drops;

    /// <summary>Frames that the kernel has taken for the socket and not lost, and those that it has lost.</summary>
    public (long Kept, long Dropped) Read()
    {
        // Each reading sets the kernel's counters back to zero; those taken include those dropped (packet(7)).
        lock (_gate)
        {
            Span<byte> counts = stackalloc byte[3 * sizeof(uint)];
            var length = counts.Length;
            if (!socket.IsClosed && Libc.GetOption(socket, Libc.PacketLevel, Libc.Statistics, counts, ref length) == 0)
            {
                _packets += MemoryMarshal.Read<uint>(counts);
                _drops += MemoryMarshal.Read<uint>(counts[sizeof(uint)..]);
            }

            return (_packets - _drops, _drops);
        }
    }

    /// <summary>Closes the socket while nobody reads from it.</summary>
    public void Close()
    {
        lock (_gate)
        {
            socket.Dispose();
        }
    }
}
