using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Appliance.Router.Nftables;

/// <summary>A network namespace with a name under /run/netns, so that <c>ip netns exec NAME</c> works for people.</summary>
/// <remarks>A thread's namespace is its own, so each entry is on a thread that ends there: pool threads stay at home.</remarks>
internal sealed class NetworkNamespace : IDisposable
{
    public const string NamesFolder = "/run/netns";
    public const string LocksFolder = "/run/appliance";

    private readonly SafeFileHandle _handle;
    private readonly FileStream? _lock;
    private readonly string? _ownedName;

    private NetworkNamespace(SafeFileHandle handle, FileStream? heldLock, string? ownedName)
    {
        _handle = handle;
        _lock = heldLock;
        _ownedName = ownedName;
    }

    /// <summary>A path by which children of this process enter, even after the name is gone.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_handle.DangerousGetHandle()}";

    /// <summary>Opens a namespace that someone else made; disposing leaves it.</summary>
    public static NetworkNamespace Open(string path) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), null, null);

    /// <summary>Makes the namespace, or takes over its name from a process that was killed.</summary>
    public static NetworkNamespace Take(string name)
    {
        var path = System.IO.Path.Combine(NamesFolder, name);
        var (held, isLeftover) = TakeLock(name);
        try
        {
            Directory.CreateDirectory(NamesFolder);
            var isForeign = IsNamespace(path) && !isLeftover;
            var handle = OnThread(() => IsNamespace(path) ? Reopen(path) : Create(path));
            return new NetworkNamespace(handle, held, isForeign ? null : path);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Runs something on a thread of its own inside the namespace; sockets opened there stay there.</summary>
    public T Run<T>(Func<T> action) => OnThread(() =>
    {
        if (Libc.SetNamespace(_handle, Libc.NewNetworkNamespace) != 0)
        {
            throw Fault("Entering the network namespace");
        }

        return action();
    });

    /// <summary>Removes the name if this process made or inherited it; the namespace ends with its last user.</summary>
    public void Dispose()
    {
        if (_ownedName is not null && File.Exists(_ownedName))
        {
            _ = Libc.Unmount(_ownedName, Libc.DetachMount);
            File.Delete(_ownedName);
        }

        _handle.Dispose();
        if (_lock is not null)
        {
            // Deleted while held, so that nobody finds it unlocked and takes it for a leftover.
            File.Delete(_lock.Name);
            _lock.Dispose();
        }
    }

    /// <summary>The lock tells the living from the dead: the kernel drops it with the process, the file stays.</summary>
    private static (FileStream Held, bool IsLeftover) TakeLock(string name)
    {
        Directory.CreateDirectory(LocksFolder);
        var path = System.IO.Path.Combine(LocksFolder, $"netns-{name}.lock");
        var isLeftover = File.Exists(path);
        try
        {
            return (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), isLeftover);
        }
        catch (IOException error)
        {
            throw new IOException(
                $"Network namespace {name} belongs to another running appliance, which holds {path}; stop that one, or set Router:Firewall:Namespace to another name.",
                error);
        }
    }

    private static bool IsNamespace(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        // A name whose mount is gone is an empty plain file, which setns refuses.
        return OnThread(() =>
        {
            using var handle = Reopen(path);
            return Libc.SetNamespace(handle, Libc.NewNetworkNamespace) == 0;
        });
    }

    private static SafeFileHandle Reopen(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    private static SafeFileHandle Create(string path)
    {
        if (Libc.Unshare(Libc.NewNetworkNamespace) != 0)
        {
            throw Fault("Making a network namespace");
        }

        // The name is a file that the namespace is mounted on, as iproute2 does it.
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite).Dispose();
        if (Libc.Mount("/proc/thread-self/ns/net", path, "none", Libc.BindMount, 0) != 0)
        {
            var fault = Fault($"Naming the network namespace {path}");
            File.Delete(path);
            throw fault;
        }

        return Reopen(path);
    }

    private static T OnThread<T>(Func<T> action)
    {
        T result = default!;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = action();
            }
#pragma warning disable CA1031 // Carried over to the caller's thread, whatever it is.
            catch (Exception error)
#pragma warning restore CA1031
            {
                fault = ExceptionDispatchInfo.Capture(error);
            }
        })
        {
            IsBackground = true,
            Name = "network namespace",
        };
        thread.Start();
        thread.Join();
        fault?.Throw();
        return result;
    }

    private static Win32Exception Fault(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"{what} failed: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).");
    }
}
