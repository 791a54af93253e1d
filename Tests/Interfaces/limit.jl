# The same limits from Julia. Not run by Scripts/check-interfaces unless there is a `julia`.
#   julia limit.jl coherent-csi-2021 10 30        (UPSCATTER_LIBRARY names the library where the loader does not find it)
const library = get(ENV, "UPSCATTER_LIBRARY", "libupscatter.so.1")

function require(status::Int32)
    status == 0 && return
    error(unsafe_string(@ccall library.upscatter_last_error()::Cstring))
end

function open_analysis(experiments::Vector{String}; choices...)
    (@ccall library.upscatter_abi_version()::Int32) == 1 || error("this file is written for version 1 of the interface")
    handle = Ref{Ptr{Cvoid}}(C_NULL)
    GC.@preserve experiments begin
        names = [Base.unsafe_convert(Cstring, name) for name in experiments]
        require(@ccall library.upscatter_open(names::Ptr{Cstring}, length(names)::Csize_t, handle::Ptr{Ptr{Cvoid}})::Int32)
    end
    for (key, value) in choices
        require(@ccall library.upscatter_set(handle[]::Ptr{Cvoid}, string(key)::Cstring, string(value)::Cstring)::Int32)
    end
    handle[]
end

function limits(analysis::Ptr{Cvoid}, masses::Vector{Float64})
    limit = similar(masses)
    require(@ccall library.upscatter_limits(
        analysis::Ptr{Cvoid}, masses::Ptr{Float64}, length(masses)::Csize_t, limit::Ptr{Float64}, C_NULL::Ptr{Float64},
        C_NULL::Ptr{Float64}, C_NULL::Ptr{Float64})::Int32)
    limit
end

analysis = open_analysis([ARGS[1]]; flavor="mu", backend="simd")
masses = parse.(Float64, ARGS[2:end])
for (mass, limit) in zip(masses, limits(analysis, masses))
    println("limit $mass $limit")
end
require(@ccall library.upscatter_free(analysis::Ptr{Cvoid})::Int32)
