using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Nftables;

/// <summary>A netlink socket of the network namespace in which it was opened, whoever uses it later.</summary>
internal sealed class NetlinkSocket : IDisposable
{
    // The kernel fills at most 32 KiB of a dump into one datagram (NETLINK_MAX_RECVMSG_SIZE).
    public const int ReceiveBytes = 64 * 1024;

    // The kernel answers within the call; this only keeps a fault from hanging the gateway.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // Room for a batch of 1000 elements and for their acknowledgements: 36 B each, but 768 B of kernel memory.
    private const int BufferBytes = 4 * 1024 * 1024;

    private readonly SafeFileHandle _socket;

    private NetlinkSocket(SafeFileHandle socket) => _socket = socket;

    public static NetlinkSocket Open(int protocol)
    {
        var socket = Libc.Socket(Libc.NetlinkFamily, Libc.RawCloseOnExec, protocol);
        if (socket.IsInvalid)
        {
            throw Fault("Opening a netlink socket");
        }

        var opened = new NetlinkSocket(socket);
        try
        {
            opened.Prepare();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The kernel's name for this socket in its network namespace, which marks the changes that come from it.</summary>
    public uint ReadPort()
    {
        Span<byte> address = stackalloc byte[12];
        var length = address.Length;
        return Libc.GetName(_socket, address, ref length) == 0 ? BinaryPrimitives.ReadUInt32LittleEndian(address[4..]) : throw Fault("Asking for a netlink socket's address");
    }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        while (Libc.Send(_socket, datagram, (nuint)datagram.Length, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                throw Fault("Sending to the kernel's firewall");
            }
        }
    }

    /// <summary>Reads one datagram; a silent kernel is an error after 10 seconds.</summary>
    public ReadOnlySpan<byte> Receive(Span<byte> buffer)
    {
        while (true)
        {
            var length = Libc.Receive(_socket, buffer, (nuint)buffer.Length, 0);
            if (length >= 0)
            {
                return buffer[..(int)length];
            }

            if (Marshal.GetLastPInvokeError() != Libc.Interrupted)
            {
                throw Fault("Receiving from the kernel's firewall");
            }
        }
    }

    /// <summary>Reads one datagram if there is one, or comes within the patience; else gives the error number.</summary>
    public int TryReceive(Span<byte> buffer, bool waits, out ReadOnlySpan<byte> datagram)
    {
        var length = Libc.Receive(_socket, buffer, (nuint)buffer.Length, waits ? 0 : Libc.DoNotWait);
        datagram = length < 0 ? default : buffer[..(int)length];
        return length < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Gets what the kernel tells a group from now on.</summary>
    public void Join(int group)
    {
        if (Set(Libc.NetlinkLevel, Libc.AddMembership, group) < 0)
        {
            throw Fault("Joining a netlink group");
        }
    }

    /// <summary>How long a read waits.</summary>
    public void SetPatience(TimeSpan patience)
    {
        Span<byte> wait = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(wait, (long)patience.TotalSeconds);
        BinaryPrimitives.WriteInt64LittleEndian(wait[8..], patience.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        _ = Libc.SetOption(_socket, Libc.SocketLevel, Libc.ReceiveTimeout, wait, wait.Length);
    }

    /// <summary>Kernel memory for what has not been read; the kernel doubles the number for its own overhead.</summary>
    public void SetReceiveBuffer(int bytes) => Set(Libc.SocketLevel, Libc.ReceiveBufferForced, bytes);

    public void Dispose() => _socket.Dispose();

    private static Win32Exception Fault(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"{what} failed: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).");
    }

    private void Prepare()
    {
        Span<byte> address = stackalloc byte[12];
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, Libc.NetlinkFamily);
        if (Libc.Bind(_socket, address, address.Length) < 0)
        {
            throw Fault("Binding a netlink socket");
        }

        Set(Libc.NetlinkLevel, Libc.ExtendedAcknowledge, 1);
        Set(Libc.NetlinkLevel, Libc.CapAcknowledge, 1);
        // Forced sizes need CAP_NET_ADMIN, as the whole socket does; without them the defaults stay.
        Set(Libc.SocketLevel, Libc.SendBufferForced, BufferBytes);
        SetReceiveBuffer(BufferBytes);
        SetPatience(Patience);
    }

    private int Set(int level, int name, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Libc.SetOption(_socket, level, name, bytes, bytes.Length);
    }
}
