using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Capture;

/// <summary>Hears of every change to an interface of its network namespace (rtnetlink(7), RTMGRP_LINK).</summary>
/// <remarks>Only that something has changed: what, is asked for afterwards, so a message that was lost does no harm.</remarks>
internal sealed class LinkWatch : IDisposable
{
    private const uint Links = 1;

    private LinkWatch(SafeFileHandle socket) => Socket = socket;

    public SafeFileHandle Socket { get; }

    /// <summary>Begins to listen; null where the kernel refuses.</summary>
    public static LinkWatch? TryOpen()
    {
        var socket = Libc.Socket(Libc.NetlinkFamily, Libc.RawType | Libc.CloseOnExec, 0);
        var address = new Libc.NetlinkAddress(Libc.NetlinkFamily, 0, Links);
        if (!socket.IsInvalid && Libc.Bind(socket, address, Marshal.SizeOf(address)) == 0)
        {
            return new LinkWatch(socket);
        }

        socket.Dispose();
        return null;
    }

    /// <summary>Waits for a change; false when there was none.</summary>
    public bool Wait(TimeSpan time)
    {
        Span<Libc.PollEntry> entries = [new Libc.PollEntry { File = (int)Socket.DangerousGetHandle(), Wanted = Libc.PollIn }];
        return Libc.Poll(ref entries[0], 1, (int)time.TotalMilliseconds) > 0 && Drain();
    }

    /// <summary>Takes what has been heard so far; true when there was something.</summary>
    public bool Drain()
    {
        Span<byte> message = stackalloc byte[4096];
        var isHeard = false;
        while (Libc.Receive(Socket, message, (nuint)message.Length, Libc.DoNotWait) >= 0 || Marshal.GetLastPInvokeError() == Libc.NoBufferSpace)
        {
            isHeard = true;
        }

        return isHeard;
    }

    public void Dispose() => Socket.Dispose();
}
