using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Appliance.Router.Nftables;
using Microsoft.Win32.SafeHandles;
using Link = Appliance.Router.Capture.Libc;

namespace Appliance.Benchmarks.Live;

/// <summary>Sends frames through a packet socket, many a system call.</summary>
internal sealed unsafe class Sender : IDisposable
{
    private const ushort IPv4 = 0x0800;

    private readonly SafeFileHandle _socket;
    private readonly byte* _bytes;
    private readonly Libc.Part* _parts;
    private readonly Libc.Message* _messages;
    private readonly int _count;
    private readonly int _length;

    /// <param name="place">The namespace to send from.</param>
    /// <param name="interfaceName">The interface there.</param>
    /// <param name="frames">Sent together, all of one length.</param>
    public Sender(NetworkNamespace place, string interfaceName, IReadOnlyList<byte[]> frames)
    {
        _count = frames.Count;
        _length = frames[0].Length;
        _socket = place.Run(() => Open(interfaceName));
        _bytes = (byte*)NativeMemory.AllocZeroed((nuint)(_count * _length));
        _parts = (Libc.Part*)NativeMemory.AllocZeroed((nuint)(_count * sizeof(Libc.Part)));
        _messages = (Libc.Message*)NativeMemory.AllocZeroed((nuint)(_count * sizeof(Libc.Message)));
        for (var i = 0; i < _count; i++)
        {
            frames[i].CopyTo(Frame(i));
            _parts[i] = new Libc.Part { Bytes = _bytes + (i * _length), Length = (nuint)_length };
            _messages[i] = new Libc.Message { Parts = _parts + i, PartCount = 1 };
        }
    }

    public Span<byte> Frame(int index) => new(_bytes + (index * _length), _length);

    /// <summary>Sends them all; what the kernel takes none of is tried again.</summary>
    public void Send()
    {
        for (var sent = 0; sent < _count;)
        {
            var taken = Libc.SendMany(_socket, _messages + sent, (uint)(_count - sent), 0);
            if (taken < 0 && Marshal.GetLastPInvokeError() is not (11 or 105))
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            sent += Math.Max(0, taken);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        NativeMemory.Free(_bytes);
        NativeMemory.Free(_parts);
        NativeMemory.Free(_messages);
    }

    private static SafeFileHandle Open(string interfaceName)
    {
        // Protocol 0: it shall receive nothing.
        var socket = Link.Socket(Link.PacketFamily, Link.RawType | Link.CloseOnExec, 0);
        var address = new Link.LinkAddress(Link.PacketFamily, BinaryPrimitives.ReverseEndianness(IPv4), (int)Link.InterfaceIndex(interfaceName));
        ReadOnlySpan<byte> one = [1, 0, 0, 0];
        if (socket.IsInvalid
            || Link.SetOption(socket, Link.PacketLevel, Libc.QdiscBypass, one, one.Length) != 0
            || Link.Bind(socket, address with { Protocol = 0 }, Marshal.SizeOf(address)) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"A packet socket on {interfaceName} cannot be had: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return socket;
    }
}
